import { asRefusal, type RenderedJob, type ScoreLimits } from '@musistrata/render-core';
import { RefusedScoreError, type RenderJobRunner, type RunResult, renderProblems } from '@musistrata/render-queue';
import type { CataloguePools } from './catalogue-pools.js';

/** How the core is told what the API recognised. */
const hints = {
  musistrata: 'application/json',
  midi: 'audio/midi',
  musicxml: 'application/vnd.recordare.musicxml',
  guitarpro: 'application/x-guitar-pro',
} as const;

/**
 * Renders the queue's jobs in the core's threads.
 *
 * @param longestSeconds time after which a render is given up: a small score can ask for more voices than a machine computes in a day
 */
export function coreRunner(
  pools: Pick<CataloguePools, 'run'>,
  limits: Partial<ScoreLimits>,
  longestSeconds: number,
): RenderJobRunner {
  return async (job, { signal, onProgress }) => {
    const { bytes, hint, options, soundIdentity, outputFolder } = job;
    const deadline = AbortSignal.timeout(longestSeconds * 1000);
    try {
      const rendered = await pools.run(
        { bytes, hint: hints[hint.format], options, limits, outputFolder },
        { signal: AbortSignal.any([signal, deadline]), onProgress },
      );
      // Other sounds' audio must not be kept as that of the sounds which the render was accepted with.
      if (soundIdentity !== null && soundIdentity !== rendered.soundIdentity)
        throw new RefusedScoreError('sounds-changed', renderProblems['sounds-changed']);
      return runResult(rendered, options.stems);
    } catch (error) {
      if (deadline.aborted && !signal.aborted)
        throw new RefusedScoreError('render-too-slow', renderProblems['render-too-slow']);
      if (error instanceof RefusedScoreError) throw error;
      const refusal = asRefusal(error);
      throw refusal ? new RefusedScoreError(refusal.code, refusal.message) : error;
    }
  };
}

function runResult(rendered: RenderedJob, withStems: boolean): RunResult {
  const { audio, stems, timingPath, waveformPath, warnings, peakVoices } = rendered;
  return {
    audio,
    stems: withStems ? stems.map(({ part, name, audio: file }) => ({ ...file, part, partName: name })) : null,
    timing: { path: timingPath, contentType: 'application/json' },
    peaks: { path: waveformPath, contentType: 'application/json' },
    warnings: warnings.map((warning) => ({ ...warning })),
    peakVoices,
  };
}
