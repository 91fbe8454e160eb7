import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalogue } from '../../instruments/catalogue/catalogue.js';
import { renderOptionsSchema } from '../../options/render-options.js';
import { renderJob } from '../render-job.js';

const PROGRAMS = [0, 25, 33, 48, 61, 81];
const BARS = 4;

/**
 * Renders a few seconds of a band for nobody: loads the default sound font and has the hot paths compiled, so that the first job of a thread
 * takes no longer than the others. What goes wrong here would go wrong, and be told, with the first job.
 */
export async function warmUp(catalogue: Catalogue): Promise<void> {
  const outputFolder = mkdtempSync(join(tmpdir(), 'musistrata-warm-up-'));
  try {
    const bytes = new TextEncoder().encode(JSON.stringify(band()));
    await renderJob({ bytes, options: renderOptionsSchema.parse({}), outputFolder }, catalogue);
  } catch {
    // Told with the first job.
  } finally {
    rmSync(outputFolder, { recursive: true, force: true });
  }
}

function band(): object {
  const bar = {
    SoundEvents: [0, 1, 2, 3].flatMap((beat) =>
      ['C', 'E', 'G'].map((name) => ({ Beat: beat, Duration: 1, Note: { Name: name, Octave: 5 } })),
    ),
  };
  const bars = Array.from({ length: BARS }, () => bar);
  return {
    Tempo: 160,
    Tracks: [
      ...PROGRAMS.map((program) => ({ Instrument: program, Bars: bars })),
      { Instrument: '', IsDrumsTrack: true, Bars: bars },
    ],
  };
}
