/** What this server can play with. */
export class Sounds {
  /** Digest of the fonts and instruments that a render can use. */
  async identity(): Promise<string> {
    return 'none';
  }

  /** Whether there is a sound font. */
  async ready(): Promise<boolean> {
    return true;
  }
}
