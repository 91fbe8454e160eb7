import { createHash } from 'node:crypto';
import type { RenderOptions } from '@musistrata/render-core';

/** Everything that the bytes of the audio depend on. */
export interface Content {
  readonly scoreSha256: string;
  /** The format the score was recognised as: the same bytes read as another format are another score. */
  readonly scoreFormat: string;
  readonly options: RenderOptions;
  /** Digest of the sound fonts and instruments that can be heard. */
  readonly soundIdentity: string;
  readonly engineVersion: string;
}

/** Content address of a render: equal for equal audio, 40 hexadecimal digits after a `c` (job ids must not be all digits). */
export function contentKey(content: Content): string {
  return `c${createHash('sha256').update(canonicalJson(content)).digest('hex').slice(0, 40)}`;
}

/** JSON with sorted keys and without undefined members: equal values give equal text (RFC 8785, for what zod lets through). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
