/** A sound font that cannot be played. `code` is stable. */
export class SoundFontError extends Error {
  override readonly name = 'SoundFontError';

  constructor(
    readonly code: 'soundfont-unreadable' | 'soundfont-too-large' | 'soundfont-empty',
    message: string,
  ) {
    super(message);
  }
}
