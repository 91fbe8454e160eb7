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

/** Refuses a file that is not what the formats say. */
export function unreadable(why: string): never {
  throw new SoundFontError('soundfont-unreadable', `not a readable SF2, SF3 or DLS bank: ${why}`);
}

/** Refuses a file whose parts are more than those of any real font. */
export function tooLarge(what: string): never {
  throw new SoundFontError('soundfont-too-large', what);
}
