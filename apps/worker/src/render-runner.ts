import { RefusedError, type RenderedJob, type RenderPool, type ScoreLimits } from '@musistrata/render-core';
import { RefusedScoreError, type RenderJobRunner, type RunResult } from '@musistrata/render-queue';

const HINT = {
  musistrata: 'application/json',
  midi: 'audio/midi',
  musicxml: 'application/vnd.recordare.musicxml',
  guitarpro: 'application/x-guitar-pro',
} as const;

/** Renders the queue's jobs in a pool of threads. */
export function renderRunner(pool: RenderPool, limits: Partial<ScoreLimits>): RenderJobRunner {
  return async ({ bytes, hint, options, outputFolder }, { signal, onProgress }) => {
    const job = { bytes, hint: HINT[hint.format], options, limits, outputFolder };
    try {
      return runResult(await pool.run(job, { signal, onProgress }));
    } catch (error) {
      if (error instanceof RefusedError) throw new RefusedScoreError(error.code, error.message);
      throw error;
    }
  };
}

function runResult({ audio, stems, timingPath, waveformPath, warnings }: RenderedJob): RunResult {
  const json = (path: string) => ({ path, contentType: 'application/json' });
  return {
    audio,
    stems: stems.length === 0 ? null : stems.map((stem) => ({ ...stem.audio, part: stem.part, partName: stem.name })),
    timing: json(timingPath),
    peaks: json(waveformPath),
    warnings: warnings.map((warning) => ({ ...warning })),
  };
}
