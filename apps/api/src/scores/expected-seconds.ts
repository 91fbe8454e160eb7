import type { Performance, RenderEstimate, RenderOptions } from '@musistrata/render-core';

/** What a tail that waits for silence usually takes. */
const usualTailSeconds = 3;

/** What the audio will last, about: the estimate of the engine allows for the longest tail. */
export function expectedSeconds(performance: Performance, options: RenderOptions, estimate: RenderEstimate): number {
  const { tail = performance.defaultTail } = options;
  if (typeof tail === 'number' || tail === 'exact' || tail === 'loop') return estimate.fileSeconds;
  const skipped = estimate.renderedSeconds - estimate.fileSeconds;
  const usual = performance.endSeconds - skipped + (tail === 'two-seconds' ? 2 : usualTailSeconds);
  return Math.max(0, Math.min(estimate.fileSeconds, usual));
}
