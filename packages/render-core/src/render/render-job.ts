import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../instruments/catalogue/catalogue.js';
import type { RenderOptions } from '../options/render-options.js';
import type { Warning } from '../score/performance.js';
import { DEFAULT_SCORE_LIMITS, type ScoreLimits } from '../score/score-limits.js';
import { timingTable } from '../score/timing-table.js';
import { isWorthThreads } from '../synth/parallel/plan-shards.js';
import { prepareHelpers } from '../synth/parallel/shard-threads.js';
import { preparePerformance } from './prepare-performance.js';
import { RefusedError } from './refused-error.js';
import { stopIfCanceled } from './render-context.js';
import { renderFaults } from './render-faults.js';
import { type RenderResult, renderPerformance } from './render-performance.js';

/** A score and what is wanted of it: plain data that crosses threads. */
export interface RenderJob {
  readonly bytes: Uint8Array;
  /** Content type or file name. */
  readonly hint?: string;
  readonly options: RenderOptions;
  /** @default the limits of the library */
  readonly limits?: Partial<ScoreLimits>;
  /** An existing folder for this job alone. */
  readonly outputFolder: string;
}

/** What a job has made: plain data; the files are in its output folder. */
export interface RenderedJob extends RenderResult {
  /** Onset and release of every note (JSON). */
  readonly timingPath: string;
  /** Of reading the score, finding instruments and rendering. */
  readonly warnings: readonly Warning[];
  /** See Catalogue.identity(): of what was played. */
  readonly soundIdentity: string;
}

export interface JobControl {
  /** See RenderContext. */
  readonly helperThreads?: number;
  readonly isCanceled?: () => boolean;
  readonly onProgress?: (renderedSeconds: number, totalSeconds: number) => void;
}

/**
 * From the bytes of a score to its files, in the calling thread.
 *
 * @throws ScoreError and InstrumentError for what is wrong with the job; RenderCanceledError; whatever the file system refuses
 */
export async function renderJob(job: RenderJob, catalogue: Catalogue, control: JobControl = {}): Promise<RenderedJob> {
  const { options, outputFolder: folder } = job;
  const context = {
    folder,
    helperThreads: control.helperThreads ?? 0,
    ...(control.isCanceled && { isCanceled: control.isCanceled }),
  };
  const performance = await preparePerformance({ bytes: job.bytes }, job.hint, options, {
    ...DEFAULT_SCORE_LIMITS,
    ...job.limits,
  });
  const faults = renderFaults(performance, options);
  if (faults.length > 0) throw RefusedError.options(faults);
  stopIfCanceled(context);
  const plan = catalogue.plan(performance, options);
  // They get ready while a sound font is read.
  const fontParts = plan.parts.filter(({ reference }) => reference?.type === 'preset').map(({ part }) => part);
  if (isWorthThreads(fontParts)) prepareHelpers(context.helperThreads);
  const { parts, warnings, identity } = await catalogue.load(plan);
  const soundIdentity = await identity();
  stopIfCanceled(context);
  const result = await renderPerformance(performance, parts, options, {
    ...context,
    onProgress: ({ phase, seconds, totalSeconds }) => {
      if (phase === 'rendering') control.onProgress?.(seconds, totalSeconds);
    },
  });
  const timingPath = join(folder, 'timing.json');
  writeFileSync(timingPath, JSON.stringify(timingTable(performance)), { flag: 'wx' });
  return {
    ...result,
    timingPath,
    soundIdentity,
    warnings: [...performance.warnings, ...warnings, ...result.warnings],
  };
}
