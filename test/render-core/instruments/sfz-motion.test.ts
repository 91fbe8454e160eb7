import { describe, expect, test } from '@jest/globals';
import type { PartEvent } from '@musistrata/render-core';
import { amplitudeAt, decibels, identical, peak } from './measure.js';
import { centsAt } from './pitch-track.js';
import { controller, note, part, record } from './rig.js';
import { sfz } from './sfz-rig.js';
import { sine, wavFile } from './wav-files.js';

const RATE = 44100;
const HERTZ = 2205;
/** Three seconds, the second sample a quarter as loud. */
const LINE = sine(HERTZ, 3 * RATE);
const FILES = { 'a.wav': wavFile([LINE, LINE]), 'b.wav': wavFile([sine(441, 3 * RATE), sine(441, 3 * RATE)]) };

const instrument = (text: string) => sfz(text, FILES);
const REGION = '<region> sample=a.wav pitch_keycenter=60 ampeg_release=1';

async function play(opcodes: string, events: readonly PartEvent[] = [note({ key: 60, duration: 1.5 })], seconds = 2.2) {
  return record(await instrument(`${REGION} ${opcodes}`), part(events), { seconds }).left;
}

/** An envelope as SFZ format 1 draws it, with exponential decays of e^-9 in their time. */
function envelope(time: number, release: number): number {
  const held = (t: number): number => {
    if (t < 0.1) return 0.2;
    if (t < 0.5) return 0.2 + (0.8 * (t - 0.1)) / 0.4;
    if (t < 0.6) return 1;
    return 0.5 + 0.5 * Math.exp((-9 * (t - 0.6)) / 1.8);
  };
  return time < release ? held(time) : held(release) * Math.exp((-9 * (time - release)) / 2.7);
}
const STAGES = (name: string) =>
  `${name}_delay=0.1 ${name}_start=20 ${name}_attack=0.4 ${name}_hold=0.1 ${name}_decay=1.8 ${name}_sustain=50 ${name}_release=2.7`;

/** dB of a second-order Butterworth low-pass with its corner at a frequency, through the bilinear transform. */
function lowPass(corner: number): number {
  const ratio = Math.tan((Math.PI * HERTZ) / RATE) / Math.tan((Math.PI * corner) / RATE);
  return -10 * Math.log10(1 + ratio ** 4);
}

/** Level in 20 ms around a time. */
function levelAt(signal: Float32Array, time: number): number {
  const [from, to] = [Math.round((time - 0.01) * RATE), Math.round((time + 0.01) * RATE)];
  return decibels(amplitudeAt(signal.subarray(from, to), HERTZ, RATE) / 0.5);
}

describe('envelopes', () => {
  test.each([
    ['pitcheg_depth=700', 100, 700],
    ['pitcheg_depth=-1200 pitcheg_vel2depth=600', 63.5, -900],
  ])('%s', async (opcodes, velocity, depth) => {
    const left = await play(`${STAGES('pitcheg')} ${opcodes}`, [note({ key: 60, duration: 1.5, velocity })]);
    for (let time = 0.02; time < 2.1; time += 0.031) {
      // 2 cents and what 20 ms blur where the slope changes.
      const blur = Math.abs(depth) * 0.008;
      expect(Math.abs(centsAt(left, time, HERTZ) - depth * envelope(time, 1.5))).toBeLessThan(2 + blur);
    }
  });

  test('fileg_depth moves the cutoff', async () => {
    const left = await play(`${STAGES('fileg')} cutoff=1000 fileg_depth=2400`, [note({ key: 60, duration: 3 })]);
    for (let time = 0.15; time < 2.1; time += 0.05) {
      const corner = 1000 * 2 ** ((2400 * envelope(time, 3)) / 1200);
      expect(Math.abs(levelAt(left, time) - lowPass(corner))).toBeLessThan(0.3);
    }
  });
});

describe('oscillators', () => {
  const wave = (time: number, hertz: number, delay = 0, fade = 0) => {
    const running = time - delay;
    if (running <= 0) return 0;
    return (running < fade ? running / fade : 1) * Math.sin(2 * Math.PI * hertz * running);
  };

  test('pitchlfo: a sine in cents after its delay, faded in', async () => {
    const left = await play('pitchlfo_freq=3 pitchlfo_depth=80 pitchlfo_delay=0.3 pitchlfo_fade=0.6');
    for (let time = 0.02; time < 1.4; time += 0.023)
      expect(Math.abs(centsAt(left, time, HERTZ) - 80 * wave(time, 3, 0.3, 0.6))).toBeLessThan(2.5);
  });

  test('amplfo: a sine in decibels', async () => {
    const left = await play('amplfo_freq=2 amplfo_depth=6');
    for (let time = 0.02; time < 1.4; time += 0.023)
      expect(Math.abs(levelAt(left, time) - 6 * wave(time, 2))).toBeLessThan(0.15);
  });

  test('fillfo: a sine in cents of cutoff', async () => {
    const left = await play('cutoff=2205 fillfo_freq=1 fillfo_depth=1200');
    for (let time = 0.05; time < 1.4; time += 0.023)
      expect(Math.abs(levelAt(left, time) - lowPass(2205 * 2 ** wave(time, 1)))).toBeLessThan(0.15);
  });

  test.each<[string, PartEvent]>([
    ['pitchlfo_depthcc1=120', controller(0, 1, 127)],
    ['pitchlfo_depth_oncc20=120', controller(0, 20, 127)],
    ['pitchlfo_depthchanaft=120', { kind: 'channelPressure', time: 0, pressure: 127 }],
  ])('%s is a depth of its own, instead of the usual vibrato', async (opcode, event) => {
    const left = await play(`pitchlfo_freq=2 ${opcode}`, [event, note({ key: 60, duration: 1.5 })]);
    for (let time = 0.02; time < 1.4; time += 0.023)
      expect(Math.abs(centsAt(left, time, HERTZ) - 120 * wave(time, 2))).toBeLessThan(2.5);
  });
});

describe('controllers of a region', () => {
  test.each([
    ['', 16383, 200],
    ['bend_up=700', 16383, 700],
    ['bend_up=700', 4096, -100],
    ['bend_down=-1200', 0, -1200],
    ['benddown=-1200', 4096, -600],
  ])('%s, wheel at %i', async (opcodes, value, expected) => {
    const events: PartEvent[] = [{ kind: 'pitchBend', time: 0, value }, note({ key: 60, duration: 1 })];
    expect(Math.abs(centsAt(await play(opcodes, events), 0.5, HERTZ) - expected)).toBeLessThan(0.3);
  });

  test.each([
    ['cutoff_cc74=2400', controller(0, 74, 127), 2400],
    ['cutoff_oncc20=-1200', controller(0, 20, 127), -1200],
    ['cutoff_chanaft=1200', { kind: 'channelPressure', time: 0, pressure: 127 } as PartEvent, 1200],
  ])('%s', async (opcode, event, expected) => {
    const left = await play(`cutoff=1500 ${opcode}`, [event, note({ key: 60, duration: 1 })]);
    // Pressure brings the usual vibrato too, which would blur a measurement at one frequency.
    const level = decibels(peak(left, (6 / 11) * RATE - 100, (6 / 11) * RATE + 100) / 0.5);
    expect(Math.abs(level - lowPass(1500 * 2 ** (expected / 1200)))).toBeLessThan(0.25);
  });

  test.each([
    ['pitch_veltrack=300', 127, 300],
    ['pitch_veltrack=-600', 63.5, -300],
  ])('%s at velocity %d', async (opcode, velocity, expected) => {
    const left = await play(opcode, [note({ key: 60, duration: 1, velocity })]);
    expect(Math.abs(centsAt(left, 0.5, HERTZ) - expected)).toBeLessThan(0.3);
  });

  test('amp_keytrack changes the level by the key', async () => {
    const at = async (key: number) => peak(await play('amp_keytrack=-1.5 amp_keycenter=56', [note({ key })]));
    expect(decibels((await at(64)) / (await at(56)))).toBeCloseTo(-12, 1);
  });
});

test('portamento glides from the last key that was no switch', async () => {
  const source = await instrument(
    `<global> sw_lokey=24 sw_hikey=25 sw_default=24 lokey=40 pitch_keycenter=60 <region> sw_last=25 sample=a.wav <region> sw_last=24 sample=a.wav`,
  );
  const played = part([
    controller(0, 65, 127),
    controller(0, 5, 3),
    note({ key: 55, duration: 0.3 }),
    note({ key: 25, time: 0.4, duration: 0.1 }),
    note({ key: 60, time: 0.5, duration: 0.5 }),
  ]);
  const { left } = record(source, played, { seconds: 1 });
  expect(Math.abs(centsAt(left, 0.5 + 0.192, HERTZ) + 250)).toBeLessThan(5);
});

describe('crossfades', () => {
  /** Levels of two regions, a high and a low sine, for one note. */
  async function levels(first: string, second: string, key: number, velocity: number) {
    const text = `<global> pitch_keytrack=0 amp_veltrack=0 <region> sample=a.wav ${first} <region> sample=b.wav ${second}`;
    const { left } = record(await instrument(text), part([note({ key, velocity, duration: 1 })]), { seconds: 0.5 });
    const gain = velocity / 100;
    const steady = left.subarray(4096, 4096 + 16384);
    return [HERTZ, 441].map((hertz) => amplitudeAt(steady, hertz, RATE) / 0.5 / gain);
  }

  test.each([
    [40, 1, 0],
    [50, 1, 0],
    [60, Math.sqrt(0.75), 0.5],
    [70, Math.SQRT1_2, Math.SQRT1_2],
    [90, 0, 1],
    [100, 0, 1],
  ])('over keys, of equal power: key %i', async (key, high, low) => {
    const found = await levels('xfout_lokey=50 xfout_hikey=90', 'xfin_lokey=50 xfin_hikey=f#6', key, 100);
    expect(found[0]).toBeCloseTo(high, 2);
    expect(found[1]).toBeCloseTo(low, 2);
  });

  test.each([
    [20, 1, 0],
    [70, 0.5, 0.5],
    [95, 0.25, 0.75],
    [127, 0, 1],
  ])('over velocities, of equal gain: velocity %i', async (velocity, high, low) => {
    const found = await levels(
      'xf_velcurve=gain xfout_lovel=20 xfout_hivel=120',
      'xf_velcurve=gain xfin_lovel=20 xfin_hivel=120',
      60,
      velocity,
    );
    expect(found[0]).toBeCloseTo(high, 2);
    expect(found[1]).toBeCloseTo(low, 2);
  });
});

test('all of it is the same however the stretch is divided, and known', async () => {
  const source = await instrument(
    `${REGION} ${STAGES('pitcheg')} pitcheg_depth=300 ${STAGES('fileg')} fileg_depth=900 cutoff=3000 bend_up=500
     amplfo_freq=7 amplfo_depth=3 pitchlfo_freq=5 pitchlfo_depth=20 fillfo_freq=4 fillfo_depth=600 off_by=1 off_mode=normal
     <region> sample=b.wav key=61 group=1`,
  );
  const events: PartEvent[] = [
    note({ key: 60, time: 0.01, duration: 0.8 }),
    { kind: 'pitchBend', time: 0.1, value: 14000 },
    controller(0.2, 1, 100),
    note({ key: 61, time: 0.333, duration: 0.1 }),
  ];
  const whole = record(source, part(events));
  expect(whole.warnings).toEqual([]);
  for (const divisions of [[1, 1023], [65, 63], [500]])
    expect(identical(record(source, part(events), { divisions }).left, whole.left)).toBe(true);
});
