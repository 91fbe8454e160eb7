import type { EnvelopeShape } from '../playing/envelope.js';
import type { FilterType, LoopMode, Region, RegionFilter, Trigger } from '../samples/region.js';
import type { SampleFile } from '../samples/sample-file.js';
import type { SampleLoop } from '../samples/wav-header.js';
import { readKeyFade, readVelocityFade } from './sfz-crossfade.js';
import { readBend, readMotion } from './sfz-motion.js';
import type { SfzValues } from './sfz-values.js';

const LOOP_MODES: Readonly<Record<string, LoopMode>> = {
  no_loop: 'none',
  one_shot: 'one-shot',
  loop_continuous: 'continuous',
  loop_sustain: 'sustain',
};
const TRIGGERS: readonly Trigger[] = ['attack', 'release', 'first', 'legato'];
const FILTERS: Readonly<Record<string, FilterType>> = {
  lpf_1p: 'lowpass1',
  hpf_1p: 'highpass1',
  lpf_2p: 'lowpass2',
  hpf_2p: 'highpass2',
  bpf_2p: 'bandpass2',
  brf_2p: 'bandreject2',
};
/** Where the last of the attack's samples are loud, a note that starts or stops at once would click. */
const SHORTEST_RELEASE = 0.004;
const SHORTEST_ATTACK = 0.0003;

/** Values of controllers before any has moved (General MIDI 2 defaults). */
const INITIAL_CONTROLLERS: ReadonlyMap<number, number> = new Map([
  [7, 100],
  [10, 64],
  [11, 127],
]);

/** Keys that the control header adds to every key opcode. */
export function keyOffset(control: SfzValues): number {
  return control.number('note_offset', -127, 127, 0) + 12 * control.number('octave_offset', -10, 10, 0);
}

/**
 * Whether a region can sound when a key is struck: not those that a controller sets off, and of those that ask for a controller's range
 * only the ones whose range holds its initial value.
 */
export function isPlayable(values: SfzValues, control: SfzValues): boolean {
  const triggers = [...values.controllers('on_locc').values(), ...values.controllers('on_hicc').values()];
  if (triggers.some((value) => value >= 0)) return false;
  const initial = control.controllers('set_cc');
  const at = (number: number) => initial.get(number) ?? INITIAL_CONTROLLERS.get(number) ?? 0;
  const low = values.controllers('locc');
  const high = values.controllers('hicc');
  return (
    [...low].every(([number, value]) => at(number) >= value) &&
    [...high].every(([number, value]) => at(number) <= value)
  );
}

/** A region from its opcodes (SFZ format 1, with the ARIA additions that are common). Times in seconds, loop and sample ends are included. */
export function buildRegion(values: SfzValues, sample: SampleFile, shift: number): Region {
  const { header } = sample;
  const single = values.key('key', -2);
  const lowKey = values.key('lokey', single === -2 ? 0 : single);
  const highKey = values.key('hikey', single === -2 ? 127 : single);
  const center = values.text('pitch_keycenter')?.toLowerCase();
  const rootKey =
    center === 'sample' ? (header.unityKey ?? 60) : values.key('pitch_keycenter', single === -2 ? 60 : single);
  const silent = lowKey < 0 || highKey < 0;
  const end = Math.min(header.frames, values.number('end', -1, 2 ** 32, header.frames - 1) + 1);
  const trigger = values.choice(['trigger'], TRIGGERS, 'attack');
  const loopMode = readLoopMode(values, sample, trigger);
  const loops = loopMode === 'continuous' || loopMode === 'sustain';
  return {
    sample,
    lowKey: silent || end <= 0 ? 128 : lowKey + shift,
    highKey: silent || end <= 0 ? -1 : highKey + shift,
    lowVelocity: values.number('lovel', 0, 127, 1),
    highVelocity: values.number('hivel', 0, 127, 127),
    rootKey: center === 'sample' ? rootKey : rootKey + shift,
    keyTrack: values.number('pitch_keytrack', -1200, 1200, 100),
    tuneCents: values.number(['tune', 'pitch'], -12000, 12000, 0) + 100 * values.number('transpose', -127, 127, 0),
    pitchVelocityTrack: values.number('pitch_veltrack', -9600, 9600, 0),
    bend: readBend(values),
    gainDb: readGain(values),
    levelKeyTrack: values.number('amp_keytrack', -96, 12, 0),
    levelKeyCenter: values.key('amp_keycenter', 60),
    pan: values.number('pan', -100, 100, 0) / 100,
    velocityTrack: values.number('amp_veltrack', -100, 100, 100) / 100,
    keyFade: readKeyFade(values, shift),
    velocityFade: readVelocityFade(values),
    offset: Math.min(Math.max(0, end - 1), values.number('offset', 0, 2 ** 32, 0)),
    end: Math.max(1, end),
    loopMode,
    loop: loops ? readLoop(values, sample, end) : null,
    envelope: readEnvelope(values),
    filter: readFilter(values),
    ...readMotion(values),
    trigger,
    sequenceLength: values.number('seq_length', 1, 100, 1),
    sequencePosition: values.number('seq_position', 1, 100, 1),
    lowRandom: values.number('lorand', 0, 1, 0),
    highRandom: values.number('hirand', 0, 1, 1),
    group: optional(values, ['group', 'polyphony_group']),
    offBy: optional(values, ['off_by', 'offby']),
    offMode: values.choice(['off_mode', 'offmode'], ['fast', 'normal'], 'fast'),
    switchKey: values.text('sw_last') === null ? null : values.key('sw_last', 0) + shift,
    releaseDecay: values.number('rt_decay', 0, 200, 0),
  };
}

function readLoopMode(values: SfzValues, sample: SampleFile, trigger: Trigger): LoopMode {
  const chosen = values.choice(['loop_mode', 'loopmode'], ['', ...Object.keys(LOOP_MODES)], '');
  if (chosen !== '') return LOOP_MODES[chosen]!;
  if (trigger === 'release') return 'one-shot';
  return sample.header.loop === null ? 'none' : 'continuous';
}

/** Points of the file, then those of the opcodes; without either all of the sample repeats. */
function readLoop(values: SfzValues, { header }: SampleFile, end: number): SampleLoop | null {
  const start = values.number(['loop_start', 'loopstart'], 0, 2 ** 32, header.loop?.start ?? 0);
  const last = values.number(['loop_end', 'loopend'], 0, 2 ** 32, (header.loop?.end ?? end) - 1);
  const stop = Math.min(end, last + 1);
  return start < stop ? { start, end: stop } : null;
}

function readGain(values: SfzValues): number {
  const volumes = ['volume', 'group_volume', 'master_volume', 'global_volume'];
  const decibels = volumes.reduce((sum, name) => sum + values.number(name, -144, 48, 0), 0);
  const amplitude = values.number('amplitude', 0, 10_000, 100) / 100;
  return amplitude > 0 ? decibels + 20 * Math.log10(amplitude) : -300;
}

function readEnvelope(values: SfzValues): EnvelopeShape {
  const seconds = (stage: string, otherwise = 0) => values.number(`ampeg_${stage}`, 0, 100, otherwise);
  const attackSeconds = seconds('attack');
  return {
    rampSeconds: attackSeconds > 0 ? 0 : SHORTEST_ATTACK,
    delaySeconds: seconds('delay'),
    attackSeconds,
    holdSeconds: seconds('hold'),
    decaySeconds: seconds('decay'),
    sustain: seconds('sustain', 100) / 100,
    releaseSeconds: Math.max(SHORTEST_RELEASE, seconds('release')),
    releaseCurve: 'exponential',
  };
}

function readFilter(values: SfzValues): RegionFilter | null {
  const type = values.choice(['fil_type', 'filtype'], Object.keys(FILTERS), 'lpf_2p');
  const cutoff = values.number('cutoff', 0, 96_000, 0);
  const filter: RegionFilter = {
    type: FILTERS[type]!,
    cutoff,
    resonance: values.number('resonance', 0, 40, 0),
    keyTrack: values.number('fil_keytrack', 0, 1200, 0),
    keyCenter: values.key('fil_keycenter', 60),
    velocityTrack: values.number('fil_veltrack', -9600, 9600, 0),
  };
  return cutoff > 0 ? filter : null;
}

function optional(values: SfzValues, names: readonly string[]): number | null {
  const number = values.number(names, -(2 ** 31), 2 ** 31, Number.NaN);
  return Number.isNaN(number) ? null : number;
}
