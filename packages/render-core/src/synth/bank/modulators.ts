import { GENERATOR_COUNT, Gen } from './generators.js';

/**
 * A modulator (SF2.04 8.2): `amount` times one or two sources, added to a generator.
 * Sources are the 16-bit source enumerators of the file: bits 0-6 index, 7 MIDI controller, 8 direction, 9 polarity, 10-15 curve.
 */
export interface Modulator {
  readonly source: number;
  readonly amountSource: number;
  readonly destination: number;
  readonly amount: number;
  /** 0 linear, 2 absolute value. */
  readonly transform: number;
}

/** Indices of sources that are not MIDI controllers (SF2.04 8.2.1). */
export const Source = {
  none: 0,
  velocity: 2,
  key: 3,
  keyPressure: 10,
  channelPressure: 13,
  pitchWheel: 14,
  pitchWheelSensitivity: 16,
  link: 127,
} as const;

export const CONTROLLER_SOURCE = 0x80;
const NEGATIVE = 0x100;
const BIPOLAR = 0x200;
const CONCAVE = 1 << 10;
const SWITCH = 3 << 10;

/** Value of a source curve for an input of 0 to 1 (SF2.04 8.2.2-8.2.4, 9.5.3): 0 to 1, or -1 to 1 when bipolar. */
export function sourceCurve(source: number, input: number): number {
  const x = source & NEGATIVE ? 1 - input : input;
  const type = source >> 10;
  if (source & BIPOLAR) {
    const around = 2 * x - 1;
    if (type === 0) return around;
    if (type === 3) return x >= 0.5 ? 1 : -1;
    const shape = type === 1 ? concave(Math.abs(around)) : convex(Math.abs(around));
    return around < 0 ? -shape : shape;
  }
  if (type === 0) return x;
  if (type === 1) return concave(x);
  if (type === 2) return convex(x);
  return x >= 0.5 ? 1 : 0;
}

/** -20/96 log10((1 - x)^2): equal steps of a controller become equal steps of decibels over a range of 96 dB. */
function concave(x: number): number {
  return x >= 1 ? 1 : Math.min(1, (-400 / 960) * Math.log10(1 - x));
}

function convex(x: number): number {
  return x <= 0 ? 0 : Math.max(0, 1 + (400 / 960) * Math.log10(x));
}

/** True when two modulators are the same but for their amount, so that one replaces or adds to the other (SF2.04 9.5.1). */
export function isSameModulator(a: Modulator, b: Modulator): boolean {
  return (
    a.source === b.source &&
    a.amountSource === b.amountSource &&
    a.destination === b.destination &&
    a.transform === b.transform
  );
}

/**
 * Whether a record (SF2.04 7.4) is one to be followed. Others are to be ignored (SF2.04 7.4, 9.5.2): sources that are linked to other modulators or
 * have a curve that is not defined, destinations that are no generator, undefined transforms.
 */
export function isModulator({ source, amountSource, destination, transform }: Omit<Modulator, 'amount'>): boolean {
  if (destination < 0 || destination >= GENERATOR_COUNT || (transform !== 0 && transform !== 2)) return false;
  return isSource(source) && isSource(amountSource);
}

function isSource(source: number): boolean {
  return source >> 10 <= 3 && ((source & CONTROLLER_SOURCE) !== 0 || (source & 0x7f) !== Source.link);
}

function controller(number: number, flags: number, destination: number, amount: number): Modulator {
  return { source: CONTROLLER_SOURCE | number | flags, amountSource: 0, destination, amount, transform: 0 };
}

/**
 * The default modulators of SF2.04 8.4, but for the second (velocity to filter cutoff), which no synthesizer of the field
 * applies and fonts are not made for; then the soft pedal, which makes notes darker and a little softer; then those for the General MIDI 2 sound
 * controllers 71-78, which rest at 64 and change nothing there.
 */
export const DEFAULT_MODULATORS: readonly Modulator[] = [
  {
    source: Source.velocity | NEGATIVE | CONCAVE,
    amountSource: 0,
    destination: Gen.initialAttenuation,
    amount: 960,
    transform: 0,
  },
  { source: Source.channelPressure, amountSource: 0, destination: Gen.vibLfoToPitch, amount: 50, transform: 0 },
  controller(1, 0, Gen.vibLfoToPitch, 50),
  controller(7, NEGATIVE | CONCAVE, Gen.initialAttenuation, 960),
  controller(10, BIPOLAR, Gen.pan, 500),
  controller(11, NEGATIVE | CONCAVE, Gen.initialAttenuation, 960),
  controller(91, 0, Gen.reverbEffectsSend, 200),
  controller(93, 0, Gen.chorusEffectsSend, 200),
  {
    source: Source.pitchWheel | BIPOLAR,
    amountSource: Source.pitchWheelSensitivity,
    destination: Gen.fineTune,
    amount: 12700,
    transform: 0,
  },
  controller(67, SWITCH, Gen.initialFilterFc, -1200),
  controller(67, SWITCH, Gen.initialAttenuation, 25),
  controller(71, BIPOLAR, Gen.initialFilterQ, 240),
  controller(72, BIPOLAR, Gen.releaseVolEnv, 3600),
  controller(73, BIPOLAR, Gen.attackVolEnv, 3600),
  controller(74, BIPOLAR, Gen.initialFilterFc, 4800),
  controller(75, BIPOLAR, Gen.decayVolEnv, 3600),
  controller(76, BIPOLAR, Gen.freqVibLFO, 1200),
  controller(77, BIPOLAR, Gen.vibLfoToPitch, 50),
  controller(78, BIPOLAR, Gen.delayVibLFO, 3600),
];
