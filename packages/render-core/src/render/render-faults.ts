import { outputSampleRate } from '../audio/audio-format.js';
import type { Effect } from '../options/effect-options.js';
import type { RenderOptions } from '../options/render-options.js';
import type { Performance } from '../score/performance.js';
import { beatAtSeconds, secondsAtBeat } from '../score/tempo-map.js';
import { rangeInSeconds } from './range.js';
import { tailPolicy } from './tail.js';

/** One thing in the options that does not fit the score. */
export interface OptionFault {
  /** JSON pointer (RFC 6901) into the options. */
  readonly pointer: string;
  readonly message: string;
}

const MOST_STEMS = 256;
const MOST_EFFECT_BYTES = 512 * 2 ** 20;

/** Everything in valid options that makes no sense for this score or would take too much memory: to be asked before rendering. Empty when all is well. */
export function renderFaults(performance: Performance, options: RenderOptions): OptionFault[] {
  const faults: OptionFault[] = [...rangeFaults(performance, options)];
  const stems = options.stems ? performance.parts.length : 0;
  if (stems > MOST_STEMS)
    faults.push({ pointer: '/stems', message: `The score has ${stems} parts; at most ${MOST_STEMS} can be stems.` });
  const sampleRate = outputSampleRate(options);
  const bytes =
    options.parts.reduce((sum, part) => sum + effectBytes(part.effects, sampleRate), 0) +
    effectBytes(options.master.effects, sampleRate) * (1 + stems);
  if (bytes > MOST_EFFECT_BYTES)
    faults.push({
      pointer: options.master.effects.length > 0 ? '/master/effects' : '/parts',
      message: `The effects need ${Math.ceil(bytes / 2 ** 20)} MiB for their delays, the limit is ${MOST_EFFECT_BYTES / 2 ** 20}. Use fewer or shorter ones.`,
    });
  return faults;
}

function rangeFaults(performance: Performance, options: RenderOptions): OptionFault[] {
  const { range } = options;
  if (range === undefined) return [];
  const [startName, endName] = 'startSeconds' in range ? ['startSeconds', 'endSeconds'] : ['startBar', 'endBar'];
  const { start, end } = rangeInSeconds(range, performance);
  const music = performance.endSeconds;
  const longest = music + tailPolicy(options, performance).longest;
  const faults: OptionFault[] = [];
  if (start >= music)
    faults.push({
      pointer: `/range/${startName}`,
      message: `The range starts at ${seconds(start)}, the music ends at ${seconds(music)}.`,
    });
  // The last bar may be incomplete: bars reach past the end of the music only when a whole one lies there.
  const latest = 'startSeconds' in range ? longest : Math.max(longest, lastBarEnd(performance));
  if (end !== null && end > latest + 1e-6)
    faults.push({
      pointer: `/range/${endName}`,
      message: `The range ends at ${seconds(end)}, the score with its tail at ${seconds(longest)}.`,
    });
  if (end !== null && end <= start)
    faults.push({ pointer: `/range/${endName}`, message: 'The range ends before it starts.' });
  return faults;
}

/** Seconds at which the bar ends that the music ends in. */
function lastBarEnd(performance: Performance): number {
  const { tempoMap, endSeconds } = performance;
  const beat = beatAtSeconds(tempoMap, endSeconds);
  const meter = tempoMap.meters.filter((change) => change.beat < beat).at(-1) ?? tempoMap.meters[0]!;
  const bars = Math.ceil((beat - meter.beat) / meter.beatsPerBar - 1e-9);
  return secondsAtBeat(tempoMap, meter.beat + bars * meter.beatsPerBar);
}

/** Memory of the delay lines of a chain, about. */
function effectBytes(effects: readonly Effect[], sampleRate: number): number {
  let delaySeconds = 0;
  for (const effect of effects) {
    if (effect.type === 'echo') delaySeconds += 2 * effect.delaySeconds;
    else if (effect.type === 'reverb') delaySeconds += 0.6 + effect.preDelaySeconds;
    else if (effect.type === 'chorus') delaySeconds += 0.1;
  }
  return delaySeconds * sampleRate * 4;
}

function seconds(value: number): string {
  return `${Math.round(value * 1000) / 1000} s`;
}
