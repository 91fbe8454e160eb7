import { setImmediate } from 'node:timers/promises';
import { ENCODER_BLOCK_FRAMES } from '../audio/audio-encoder.js';
import { type MasterSettings, MasterSignal, type ReadableSignal } from '../mix/master-signal.js';
import { type SignalMeasures, SignalMeter } from '../mix/measure/signal-meter.js';
import type { RenderOptions } from '../options/render-options.js';
import { KernelBlock } from '../synth/kernel-block.js';
import { type RenderContext, stopIfCanceled } from './render-context.js';
import { BLOCKS_PER_TURN } from './render-pass.js';
import type { RenderWarning } from './warning-codes.js';

/** The limiter aims this far below the ceiling, because its own gain changes move the peaks between samples a little. */
const LIMITER_MARGIN_DB = 0.05;
/** How near integrated loudness comes to its aim, and how many more passes that may take. */
const LOUDNESS_TOLERANCE_LU = 0.05;
const MOST_CORRECTIONS = 3;

export interface MasterChoice {
  readonly settings: MasterSettings;
  /** What the mastered signal measures, where that is known without looking at it again: a gain moves levels, a limiter changes more. */
  readonly measures: SignalMeasures | null;
}

/** Finds gain and limiter for a mix by measuring it. The file is normalised by itself, also when it is a range of the score. */
export async function chooseMaster(
  signal: ReadableSignal,
  options: RenderOptions['master'],
  sampleRate: number,
  context: RenderContext,
  warn: (warning: RenderWarning) => void,
): Promise<MasterChoice> {
  const asIs: MasterSettings = { sampleRate, gainDb: 0, ceilingDb: null };
  if (options.normalize === 'none') return { settings: asIs, measures: null };
  const meter = await measure(signal, asIs, context);
  const withGain = (gainDb: number) => ({ settings: { ...asIs, gainDb }, measures: meter.measures(gainDb) });
  const peakDbtp = meter.measures(0).peakDbtp;
  if (peakDbtp === null) return withGain(0);
  const peakGainDb = options.peakDb - peakDbtp;
  if (options.normalize === 'peak') return withGain(peakGainDb);
  const wanted = gainForLoudness(meter, options.loudnessLufs);
  if (wanted === null) {
    warn({
      code: 'loudness-not-measurable',
      message: 'The render is too short or too quiet to have an integrated loudness; its peak was normalised instead.',
    });
    return withGain(peakGainDb);
  }
  if (wanted <= peakGainDb) return withGain(wanted);
  return { settings: await limitedMaster(signal, options, wanted, sampleRate, context, warn), measures: null };
}

/** Limiting takes loudness away; the gain is raised by what is missing, until it fits or the limiter gives no more. */
async function limitedMaster(
  signal: ReadableSignal,
  options: RenderOptions['master'],
  wanted: number,
  sampleRate: number,
  context: RenderContext,
  warn: (warning: RenderWarning) => void,
): Promise<MasterSettings> {
  let master: MasterSettings = { sampleRate, gainDb: wanted, ceilingDb: options.peakDb - LIMITER_MARGIN_DB };
  for (let corrections = 0; ; corrections++) {
    const reached = (await measure(signal, master, context)).measures(0).loudnessLufs ?? Number.NEGATIVE_INFINITY;
    const missing = options.loudnessLufs - reached;
    if (Math.abs(missing) <= LOUDNESS_TOLERANCE_LU) return master;
    if (corrections === MOST_CORRECTIONS) {
      if (missing > 0.5)
        warn({
          code: 'loudness-not-reached',
          message: `The limiter could only bring the loudness to ${reached.toFixed(1)} LUFS.`,
          pointer: '/master/loudnessLufs',
        });
      return master;
    }
    master = { ...master, gainDb: master.gainDb + Math.min(6, missing) };
  }
}

/** The absolute gate moves with the gain, so the gain that gives a loudness is found by repetition; it settles at once unless the mix is nearly silent. */
function gainForLoudness(meter: SignalMeter, target: number): number | null {
  let gainDb = 0;
  const loudest = meter.measures(0).momentaryMaxLufs;
  if (loudest === null) return null;
  gainDb = target - loudest;
  for (let step = 0; step < 8; step++) {
    const loudness = meter.measures(gainDb).loudnessLufs;
    if (loudness === null) return null;
    gainDb += target - loudness;
  }
  return gainDb;
}

async function measure(signal: ReadableSignal, master: MasterSettings, context: RenderContext): Promise<SignalMeter> {
  const meter = new SignalMeter(master.sampleRate, signal.channelCount);
  const mastered = new MasterSignal(signal, master, ENCODER_BLOCK_FRAMES);
  const block = new KernelBlock(signal.channelCount, ENCODER_BLOCK_FRAMES);
  try {
    let done = 0;
    for (let blocks = 1; ; blocks++) {
      stopIfCanceled(context);
      const count = mastered.read(block.channels, ENCODER_BLOCK_FRAMES);
      if (count === 0) break;
      meter.process(block.channels, count);
      done += count;
      context.onProgress?.({
        phase: 'measuring',
        seconds: done / master.sampleRate,
        totalSeconds: signal.frames / master.sampleRate,
      });
      if (blocks % BLOCKS_PER_TURN === 0) await setImmediate();
    }
  } finally {
    block.close();
    mastered.close();
  }
  meter.finish();
  return meter;
}
