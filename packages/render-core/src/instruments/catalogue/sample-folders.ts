import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the sample instruments in a folder: its subfolders that hold WAV files or an `instrument.json`. */
export async function listSampleFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
    const files = await readdir(join(folder, entry.name)).catch(() => []);
    if (files.some((file) => /\.wav$/i.test(file) || file === 'instrument.json')) names.push(entry.name);
  }
  return names.sort();
}
