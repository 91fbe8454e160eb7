import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(new URL('.', import.meta.url));

let known: string | null = null;

/**
 * Names the code that renders: the package's version with a digest of everything that was built from it. Audio made by one version is never
 * given out as that of another, so a cache needs no emptying after an upgrade.
 */
export function engineVersion(): string {
  known ??= readVersion();
  return known;
}

function readVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(BUILT, '..', 'package.json'), 'utf8'));
  const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') || name.endsWith('.wasm'))
    .sort();
  const digest = createHash('sha256');
  for (const name of files) digest.update(`${name}\0`).update(readFileSync(join(BUILT, name)));
  return `${version}+${digest.digest('hex').slice(0, 12)}`;
}
