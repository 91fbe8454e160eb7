/** Why an archive is not taken, as half a sentence. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  constructor(
    why: string,
    /** It is the size of what it holds that is refused. */
    readonly tooLarge = false,
  ) {
    super(why);
  }
}
