import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

/** Every module that importing `entry` loads, with the specifiers that are not files of the package itself. */
async function loadedBy(entry: URL, files = new Set<string>(), foreign = new Set<string>()) {
  if (files.has(entry.href)) return { files, foreign };
  files.add(entry.href);
  const text = await readFile(fileURLToPath(entry), 'utf8');
  for (const [, specifier = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g))
    if (specifier.startsWith('.')) await loadedBy(new URL(specifier, entry), files, foreign);
    else foreign.add(specifier);
  return { files, foreign };
}

test('the client loads nothing of Node and nothing of the services, so that browsers can load it', async () => {
  const { files, foreign } = await loadedBy(new URL(import.meta.resolve('@musistrata/client')));
  expect(files.size).toBeGreaterThan(10);
  expect([...foreign].toSorted()).toEqual(['@noble/hashes/sha2', '@noble/hashes/utils', 'eventsource-parser']);
});
