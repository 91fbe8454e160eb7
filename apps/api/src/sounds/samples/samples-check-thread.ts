import { InstrumentError, readSampleSet, readSamplesThrough } from '@musistrata/render-core';
import { answerCheck, type Verdict } from '../uploads/check-in-thread.js';
import { ArchiveError } from './archive-error.js';
import { extractArchive } from './extract-archive.js';

export interface SamplesTask {
  /** The ZIP file. */
  readonly archive: string;
  /** Where its contents are to be; called as the instrument is going to be, whose samples may bear its name. */
  readonly folder: string;
  /** What all files together may have once inflated. */
  readonly mostBytes: number;
}

export interface ExtractedSamples {
  /** Paths in the archive that were left out. */
  readonly ignored: readonly string[];
}

/** Extracts an archive and reads the instruments in it as a render would. */
await answerCheck(async ({ archive, folder, mostBytes }: SamplesTask): Promise<Verdict<ExtractedSamples>> => {
  try {
    const ignored = await extractArchive(archive, folder, mostBytes);
    await readSamplesThrough(await readSampleSet(folder));
    return { ok: true, value: { ignored } };
  } catch (error) {
    if (error instanceof ArchiveError) return { ok: false, why: error.message, tooLarge: error.tooLarge };
    if (error instanceof InstrumentError) return { ok: false, why: error.message.replace(/\.$/, '') };
    throw error;
  }
});
