import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

export const scopes = ['submit', 'read', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** One key, by its digest: the key itself is kept nowhere. Keys of one name belong to one tenant, so that a key can be rotated. */
export interface ApiKey {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly sha256: Buffer;
  readonly expiresAt: Date | null;
}

/** A key list has mistakes; each message names its line. */
export class KeyListError extends Error {
  override readonly name = 'KeyListError';

  constructor(readonly mistakes: readonly string[]) {
    super(`The list of API keys has mistakes:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
  }
}

/**
 * Reads a list of keys: `NAME SCOPE,SCOPE SHA256 [EXPIRY]` per line (or between semicolons); `#` starts a comment.
 * @throws KeyListError naming every mistake.
 */
export function parseKeyList(text: string): ApiKey[] {
  const mistakes: string[] = [];
  const keys: ApiKey[] = [];
  for (const [index, line] of text.split(/[\n;]/).entries()) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/);
    if (words[0] === '') continue;
    const [name = '', scopeList = '', digest = '', expiry, ...rest] = words;
    const wrong = (message: string) => mistakes.push(`line ${index + 1}: ${message}`);
    const named = scopeList.split(',');
    if (!/^[\w.-]{1,64}$/.test(name)) wrong('a name is 1 to 64 letters, digits, ".", "_" or "-"');
    if (!named.every(isScope)) wrong(`scopes are ${scopes.join(', ')}, separated by commas`);
    if (!/^[0-9a-f]{64}$/i.test(digest)) wrong('the third word is the SHA-256 of the key in 64 hexadecimal digits');
    if (expiry !== undefined && Number.isNaN(Date.parse(expiry))) wrong('the expiry is a date like 2030-01-31');
    if (rest.length > 0) wrong('there is text after the expiry');
    keys.push({
      name,
      scopes: new Set(named.filter(isScope)),
      sha256: Buffer.from(digest, 'hex'),
      expiresAt: expiry === undefined ? null : new Date(expiry),
    });
  }
  if (mistakes.length > 0) throw new KeyListError(mistakes);
  return keys;
}

const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text);

/** Makes a key of 256 random bits and the line that admits it. */
export function makeKey(name: string, scopeList: readonly Scope[]): { key: string; line: string } {
  const key = `mr_${randomBytes(32).toString('base64url')}`;
  return { key, line: `${name} ${scopeList.join(',')} ${digestOf(key).toString('hex')}` };
}

const digestOf = (key: string) => createHash('sha256').update(key).digest();

/** The keys that are admitted now. A file is read again when it changes; a broken one leaves the keys as they were. */
export class KeyRing {
  #listed: readonly ApiKey[];
  #filed: readonly ApiKey[] = [];
  #fileVersion = '';
  readonly #file: string | undefined;

  private constructor(listed: readonly ApiKey[], file: string | undefined) {
    this.#listed = listed;
    this.#file = file;
  }

  /** @throws KeyListError, or the error of reading the file. */
  static async open(list: string | undefined, file: string | undefined): Promise<KeyRing> {
    const ring = new KeyRing(parseKeyList(list ?? ''), file);
    await ring.refresh();
    return ring;
  }

  /** Reads the file again if it has changed. */
  async refresh(): Promise<void> {
    if (this.#file === undefined) return;
    const { mtimeMs, size } = await stat(this.#file).catch((error: unknown) => {
      throw new KeyListError([`the file ${this.#file} cannot be read (${(error as NodeJS.ErrnoException).code})`]);
    });
    const version = `${mtimeMs} ${size}`;
    if (version === this.#fileVersion) return;
    this.#filed = parseKeyList(await readFile(this.#file, 'utf8'));
    this.#fileVersion = version;
  }

  get size(): number {
    return this.#listed.length + this.#filed.length;
  }

  /** The key that was presented, or null. Takes as long whichever key it is, and whether it is one at all. */
  find(presented: string, now = new Date()): ApiKey | null {
    const digest = digestOf(presented);
    let found: ApiKey | null = null;
    for (const keys of [this.#listed, this.#filed])
      for (const key of keys) if (timingSafeEqual(digest, key.sha256)) found = key;
    return found !== null && (found.expiresAt === null || found.expiresAt > now) ? found : null;
  }
}
