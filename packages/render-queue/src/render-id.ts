import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pattern = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Random bytes for some hundred ids: asking the system for a few at a time takes longer than everything else about an id. */
const random = new Uint8Array(4096);
let used = random.length;

/**
 * A ULID in lower case: 48 bits of milliseconds, then 80 random bits. Sorts by time as text, cannot be guessed, and is safe in
 * URLs and in file names, also where upper and lower case are the same.
 */
export function newRenderId(now: number = Date.now()): string {
  let id = '';
  for (let shift = 45; shift >= 0; shift -= 5) id += alphabet[Math.floor(now / 2 ** shift) % 32];
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  for (const end = used + 16; used < end; used++) id += alphabet[random[used]! & 31];
  return id;
}

/** Whether a text from outside has the shape of a render id; nothing else may become part of a key. */
export function isRenderId(text: string): boolean {
  return pattern.test(text);
}

/** When the id was made, in milliseconds since 1970. */
export function renderIdTime(id: string): number {
  let time = 0;
  for (const digit of id.slice(0, 10)) time = time * 32 + alphabet.indexOf(digit);
  return time;
}
