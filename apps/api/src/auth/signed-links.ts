import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problems/problem.js';

/**
 * Links that work without a key until they expire, for `<audio src>` and for handing on. A signature covers one path and one expiry;
 * it says nothing about who made it.
 */
export class SignedLinks {
  readonly #secrets: readonly string[];
  readonly #seconds: number;

  /** The first secret signs; all are believed, so that a secret can be rotated. Links live between `seconds` and twice that. */
  constructor(secrets: readonly string[], seconds: number) {
    this.#secrets = secrets;
    this.#seconds = seconds;
  }

  /** The path with expiry and signature; unchanged when there are no secrets. Equal within a window, so that answers stay equal. */
  sign(path: string, now = Date.now()): string {
    const secret = this.#secrets[0];
    if (secret === undefined) return path;
    const expires = (Math.floor(now / 1000 / this.#seconds) + 2) * this.#seconds;
    return `${path}?expires=${expires}&signature=${signature(secret, path, expires).toString('base64url')}`;
  }

  /** @throws Problem link-invalid unless the link was signed here and has not expired. */
  verify(path: string, expires: string, presented: string, now = Date.now()): void {
    const time = /^\d{1,12}$/.test(expires) ? Number(expires) : Number.NaN;
    const bytes = Buffer.from(presented, 'base64url');
    let genuine = false;
    for (const secret of this.#secrets) {
      const expected = signature(secret, path, time);
      if (bytes.length === expected.length && timingSafeEqual(bytes, expected)) genuine = true;
    }
    if (!genuine) throw Problem.linkInvalid('is not genuine');
    if (time * 1000 <= now) throw Problem.linkInvalid('has expired');
  }
}

const signature = (secret: string, path: string, expires: number) =>
  createHmac('sha256', secret).update(`${path}\n${expires}`).digest();
