import { setImmediate } from 'node:timers/promises';
import type { Mixer } from '../mix/mixer.js';
import { endsAloud, fadeFrames, fadeOut, foldLoop } from './finish-signal.js';
import { type RenderContext, stopIfCanceled } from './render-context.js';
import type { ScratchSignal } from './scratch-signal.js';
import { type TailPolicy, TailWatch } from './tail.js';

/** Blocks between two turns of the event loop, so that timers and abort signals get through. */
export const BLOCKS_PER_TURN = 16;

export interface RenderPlan {
  readonly sampleRate: number;
  readonly blockFrames: number;
  /** Musical end. */
  readonly endFrame: number;
  readonly policy: TailPolicy;
  /** First frame of the range. */
  readonly rangeStart: number;
  /** Frame after the range; null when it is the end of the render. */
  readonly rangeEnd: number | null;
}

/**
 * Renders the plan into `mixTarget` and `stemTargets` (in the order of {@link Mixer.stems}).
 *
 * A range is rendered from the very start and what lies before it is thrown away: voices, effects and random numbers are then in the state
 * they have in the whole, and the samples are the same bit for bit.
 */
export async function renderPass(
  mixer: Mixer,
  plan: RenderPlan,
  mixTarget: ScratchSignal,
  stemTargets: readonly ScratchSignal[],
  context: RenderContext,
): Promise<void> {
  const { sampleRate, blockFrames, rangeStart } = plan;
  const watch = new TailWatch(plan.policy, plan.endFrame, sampleRate, Math.ceil(mixer.delaySeconds * sampleRate));
  const stop = plan.rangeEnd ?? Number.POSITIVE_INFINITY;
  // Beyond the end of a range lies what may belong to the fade at the end of the whole.
  const storeEnd = stop + fadeFrames(sampleRate);
  const mix = [mixer.left, mixer.right];
  const stems = mixer.stems.map(({ left, right }) => [left, right]);
  let frame = 0;
  for (let block = 1; !watch.finished && (frame < storeEnd || watch.length < storeEnd); block++) {
    stopIfCanceled(context);
    // Whole blocks always: what lies behind the end is cut off afterwards.
    mixer.render(blockFrames);
    watch.process(mixer.left, mixer.right, blockFrames, mixer.active);
    const from = Math.min(blockFrames, Math.max(0, rangeStart - frame));
    const to = Math.min(blockFrames, storeEnd - frame);
    if (to > from) {
      store(mixTarget, mix, from, to - from);
      for (let i = 0; i < stems.length; i++) store(stemTargets[i]!, stems[i]!, from, to - from);
    }
    frame += blockFrames;
    const seconds = Math.min(frame, stop) / sampleRate;
    const totalSeconds = Math.max(seconds, Math.min(stop, watch.earliestEnd) / sampleRate);
    context.onProgress?.({ phase: 'rendering', seconds, totalSeconds });
    if (block % BLOCKS_PER_TURN === 0) await setImmediate();
  }
  const signals = [mixTarget, ...stemTargets];
  if (plan.policy.loop) {
    for (const signal of signals) {
      signal.truncate(watch.length);
      foldLoop(signal, plan.endFrame);
    }
    return;
  }
  if (watch.finished && watch.length < storeEnd) {
    for (const signal of signals) signal.truncate(Math.max(0, watch.length - rangeStart));
    if (endsAloud(mixTarget, sampleRate, watch.peak)) for (const signal of signals) fadeOut(signal, sampleRate);
  }
  for (const signal of signals) signal.truncate(stop - rangeStart);
}

/** Keeps the frames of a stereo signal, as the mean of both channels when the target is mono. */
function store(target: ScratchSignal, signal: readonly Float32Array[], from: number, count: number): void {
  if (target.channelCount === 1) {
    const left = signal[0]!;
    const right = signal[1]!;
    for (let i = from; i < from + count; i++) left[i] = 0.5 * (left[i]! + right[i]!);
  }
  target.append(signal, from, count);
}
