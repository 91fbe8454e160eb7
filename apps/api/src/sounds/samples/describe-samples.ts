import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleSet } from '@musistrata/render-core';
import { z } from 'zod';

export const samplesSchema = z.object({
  name: z.string().describe('Of the folder.'),
  type: z
    .enum(['samples', 'sfz'])
    .describe('How it says what sounds when: by names of files or instrument.json, or by SFZ files.'),
  instruments: z.array(z.string()).describe('What scores and requests call it; several when it has several SFZ files.'),
  files: z.int(),
  bytes: z.int(),
});

/** Samples as they are listed. */
export type ListedSamples = z.output<typeof samplesSchema>;

/** Counts the files of a set, hidden ones left out. */
export async function describeSamples({ name, path, instruments }: SampleSet): Promise<ListedSamples> {
  return {
    name,
    type: instruments[0]?.type ?? 'samples',
    instruments: instruments.map((instrument) => instrument.name),
    ...(await measure(path)),
  };
}

async function measure(path: string): Promise<{ files: number; bytes: number }> {
  const found = await stat(path).catch(() => null);
  if (found === null) return { files: 0, bytes: 0 };
  if (!found.isDirectory()) return { files: 1, bytes: found.size };
  const sum = { files: 0, bytes: 0 };
  for (const name of await readdir(path).catch(() => [])) {
    if (name.startsWith('.')) continue;
    const { files, bytes } = await measure(join(path, name));
    sum.files += files;
    sum.bytes += bytes;
  }
  return sum;
}
