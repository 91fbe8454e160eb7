import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openCatalogue } from '@musistrata/render-core';
import { amplitudeAt, cents, decibels, firstSound, identical, lastSound, peak, pitchNear, rms } from './measure.js';
import { note, part, record } from './rig.js';
import { folder, REGION, SAMPLES, sfz, steady } from './sfz-rig.js';

const RATE = 44100;

describe('playing SFZ', () => {
  test.each([
    ['', 69, 440, 0],
    ['', 57, 220, 0],
    ['tune=25 transpose=-12', 69, 220 * 2 ** (25 / 1200), 0],
    ['pitch_keytrack=50', 81, 440 * 2 ** 0.5, 0],
    ['pitch_keytrack=0', 81, 440, 0],
    ['volume=-9', 69, 440, -9],
    ['amplitude=50', 69, 440, decibels(0.5)],
  ])('%s key %i', async (opcodes, key, frequency, level) => {
    const source = await sfz(`${REGION} ${opcodes}`);
    const { left } = record(source, part([note({ key, duration: 2 })]));
    const measured = pitchNear(steady(left), frequency, RATE);
    expect(Math.abs(cents(measured / frequency))).toBeLessThan(0.1);
    expect(decibels(amplitudeAt(steady(left), frequency, RATE) / 0.5)).toBeCloseTo(level, 1);
  });

  test.each([
    [-100, Math.SQRT2, 0],
    [0, 1, 1],
    [50, Math.SQRT2 * Math.cos((3 * Math.PI) / 8), Math.SQRT2 * Math.sin((3 * Math.PI) / 8)],
  ])('pan %i', async (pan, left, right) => {
    const stereo = record(await sfz(`${REGION} pan=${pan}`), part([note()]));
    expect(peak(stereo.left) / 0.5).toBeCloseTo(left, 2);
    expect(peak(stereo.right) / 0.5).toBeCloseTo(right, 2);
    const mono = record(await sfz(`<region> sample=mono.wav key=69 pan=${pan}`), part([note()]));
    expect(peak(mono.right) / 0.5).toBeCloseTo(right / Math.SQRT2, 2);
  });

  test('velocity chooses the layer; its curve follows amp_veltrack unless the score is linear', async () => {
    const layered = await sfz(
      '<global> pitch_keycenter=69 <region> sample=soft.wav hivel=64 <region> sample=a.wav lovel=65',
    );
    const level = (velocity: number, curve: 'linear' | 'source', source = layered) =>
      decibels(peak(record(source, part([note({ velocity })], { velocityCurve: curve })).left) / 0.5);
    expect(level(64, 'linear')).toBeCloseTo(decibels(0.64 / 4), 1);
    expect(level(65, 'linear')).toBeCloseTo(decibels(0.65), 1);
    const volume = 40 * Math.log10(100 / 127);
    expect(level(90, 'source')).toBeCloseTo(40 * Math.log10(90 / 127) + volume, 1);
    const half = await sfz(`${REGION} amp_veltrack=50`);
    expect(level(90, 'source', half)).toBeCloseTo(20 * Math.log10(90 / 127) + volume, 1);
    const none = await sfz(`${REGION} amp_veltrack=0`);
    expect(level(1, 'source', none)).toBeCloseTo(volume, 1);
  });

  test('offset and end cut the sample out', async () => {
    const source = await sfz(`${REGION} offset=441 end=4850`);
    const { left } = record(source, part([note({ time: 0.1 })]));
    expect(firstSound(left)).toBeGreaterThanOrEqual(4410);
    expect(firstSound(left)).toBeLessThan(4413);
    expect(lastSound(left)).toBeLessThan(4410 + 4410);
    expect(lastSound(left)).toBeGreaterThan(4410 + 4400);
    const silent = await sfz(`${REGION} end=-1`);
    expect(peak(record(silent, part([note()])).left)).toBe(0);
  });

  test('envelope: delay, attack, hold, decay to sustain, release', async () => {
    const looped = '<region> sample=looped.wav key=69 loop_mode=loop_continuous';
    const source = await sfz(
      `${looped} ampeg_delay=0.1 ampeg_attack=0.2 ampeg_hold=0.1 ampeg_decay=0.9 ampeg_sustain=25 ampeg_release=0.9`,
    );
    const { left } = record(source, part([note({ duration: 2 })]), { seconds: 3 });
    const level = (seconds: number) =>
      peak(left, Math.round(seconds * RATE) - 60, Math.round(seconds * RATE) + 60) / 0.5;
    expect(firstSound(left) / RATE).toBeCloseTo(0.1, 3);
    expect(level(0.2)).toBeCloseTo(0.5, 1);
    expect(level(0.35)).toBeCloseTo(1, 1);
    // e^-9 in 0.9 s: the distance to the sustain level falls by e every tenth of a second.
    expect(level(0.5)).toBeCloseTo(0.25 + 0.75 * Math.exp(-1), 1);
    expect(level(1.9)).toBeCloseTo(0.25, 2);
    expect(decibels(level(2.2) / level(1.99))).toBeCloseTo(decibels(Math.exp(-2)), 0);
    // Silence is where it has fallen by 100 dB.
    expect(lastSound(left) / RATE).toBeCloseTo(2 + (0.9 * Math.log(0.25 / 1e-5)) / 9, 1);
  });

  test('one_shot plays out, no_loop stops with the sample, loop_sustain leaves its loop at the release', async () => {
    const end = async (mode: string, duration: number) => {
      const source = await sfz(`<region> sample=looped.wav key=69 ampeg_release=1 loop_mode=${mode}`);
      return lastSound(record(source, part([note({ duration })])).left);
    };
    expect(await end('one_shot', 0.01)).toBeGreaterThan(2900);
    expect(await end('one_shot', 0.01)).toBeLessThan(3000);
    expect(await end('no_loop', 1)).toBeLessThan(3000);
    expect(await end('loop_continuous', 0.5)).toBeGreaterThan(0.5 * RATE + 20000);
    const left = await end('loop_sustain', 0.5);
    expect(left).toBeGreaterThan(0.5 * RATE + 900);
    expect(left).toBeLessThan(0.5 * RATE + 2100);
  });

  test('round robin and chance: the seed decides, and only the seed', async () => {
    const robin = await sfz(
      '<global> key=69 seq_length=2 <region> sample=a.wav seq_position=1 <region> sample=soft.wav seq_position=2',
    );
    const notes = part(Array.from({ length: 8 }, (_, index) => note({ time: index / 4, duration: 0.1 })));
    const loud = (line: Float32Array) =>
      Array.from({ length: 8 }, (_, index) => peak(line, (index * RATE) / 4, (index * RATE) / 4 + 4000) > 0.3);
    expect(loud(record(robin, notes).left)).toEqual([true, false, true, false, true, false, true, false]);
    const chance = await sfz('<global> key=69 <region> sample=a.wav hirand=0.5 <region> sample=soft.wav lorand=0.5');
    const takes = [1, 1, 2, 3].map((seed) => loud(record(chance, notes, { seed }).left).join());
    expect(takes[0]).toBe(takes[1]);
    expect(new Set(takes).size).toBeGreaterThan(1);
  });

  test('a closed hi-hat silences an open one, within milliseconds or with its release', async () => {
    const hats = (mode: string) =>
      sfz(`<region> sample=a.wav key=46 group=1 off_by=2 off_mode=${mode} ampeg_release=0.5 loop_mode=one_shot
           <region> sample=soft.wav key=42 group=2`);
    const played = part([note({ key: 46, duration: 2 }), note({ key: 42, time: 0.5, duration: 0.05, velocity: 1 })]);
    const fast = record(await hats('fast'), played).left;
    expect(peak(fast, 0.4 * RATE, 0.5 * RATE)).toBeGreaterThan(0.4);
    expect(peak(fast, 0.51 * RATE, RATE)).toBeLessThan(0.01);
    const normal = record(await hats('normal'), played).left;
    expect(peak(normal, 0.51 * RATE, 0.53 * RATE)).toBeGreaterThan(0.2);
    expect(peak(normal, 0.95 * RATE, RATE)).toBeLessThan(0.001);
  });

  test('release samples sound when the key goes up, softer the longer it was held', async () => {
    const source = await sfz('<region> sample=a.wav key=69 trigger=release rt_decay=6');
    for (const duration of [0.25, 1]) {
      const { left } = record(source, part([note({ time: 0.1, duration })]), { seconds: 4 });
      const onset = Math.round((0.1 + duration) * RATE);
      expect(Math.abs(firstSound(left) - onset)).toBeLessThan(3);
      expect(decibels(peak(left) / 0.5)).toBeCloseTo(-6 * duration, 1);
    }
  });

  test('first and legato tell separate from joined notes', async () => {
    const source = await sfz(
      '<global> pitch_keycenter=69 <region> sample=a.wav trigger=first <region> sample=soft.wav trigger=legato',
    );
    const played = part([
      note({ duration: 0.3 }),
      note({ time: 0.25, duration: 0.2 }),
      note({ time: 1, duration: 0.2 }),
    ]);
    const { left } = record(source, played);
    expect(peak(left, 0, 4000)).toBeCloseTo(0.5, 1);
    expect(peak(left, 0.35 * RATE, 0.4 * RATE)).toBeCloseTo(0.125, 2);
    expect(peak(left, RATE, RATE + 4000)).toBeCloseTo(0.5, 1);
  });

  test('key switches choose', async () => {
    const source = await sfz(
      `<global> sw_lokey=24 sw_hikey=25 sw_default=24 lokey=40 pitch_keycenter=69
       <region> sw_last=24 sample=a.wav <region> sw_last=25 sample=soft.wav`,
    );
    const played = part([
      note({ duration: 0.1 }),
      note({ time: 0.5, key: 25, duration: 0.1 }),
      note({ time: 1, duration: 0.1 }),
    ]);
    const { left } = record(source, played);
    expect(peak(left, 0, 4000)).toBeCloseTo(0.5, 1);
    expect(peak(left, 0.4 * RATE, 0.9 * RATE)).toBe(0);
    expect(peak(left, RATE, RATE + 4000)).toBeCloseTo(0.125, 2);
  });

  test('regions for a pressed pedal do not sound', async () => {
    const source = await sfz(
      '<global> pitch_keycenter=69 <region> sample=a.wav hicc64=63 <region> sample=a.wav locc64=64 <region> sample=a.wav on_locc64=126 on_hicc64=127',
    );
    expect(peak(record(source, part([note()])).left)).toBeCloseTo(0.5, 1);
  });

  // Responses of the analogue prototypes: second-order Butterworth and first-order, at the corner and an octave from it.
  test.each([
    ['lpf_2p', 440, -3.01],
    ['lpf_2p', 220, -12.3],
    ['hpf_2p', 440, -3.01],
    ['hpf_2p', 880, -12.3],
    ['lpf_1p', 440, -3.01],
    ['hpf_1p', 880, -6.99],
    ['bpf_2p', 440, 0],
    ['lpf_2p resonance=12', 440, 9],
  ])('%s at %i Hz', async (filter, cutoff, level) => {
    const source = await sfz(`${REGION} fil_type=${filter} cutoff=${cutoff}`);
    const { left } = record(source, part([note()]));
    expect(Math.abs(decibels(amplitudeAt(steady(left), 440, RATE) / 0.5) - level)).toBeLessThan(0.15);
  });

  test('a notch removes its frequency, tracking moves the cutoff', async () => {
    const notch = record(await sfz(`${REGION} fil_type=brf_2p cutoff=440`), part([note()])).left;
    expect(decibels(rms(steady(notch)))).toBeLessThan(-60);
    const tracked = await sfz(`${REGION} cutoff=220 fil_keytrack=100 fil_keycenter=57 fil_veltrack=1200`);
    const { left } = record(tracked, part([note({ velocity: 127 })]));
    // 12 keys and full velocity raise the corner by two octaves, to 880 Hz.
    expect(decibels(amplitudeAt(steady(left), 440, RATE) / 0.5 / 1.27)).toBeCloseTo(-0.26, 1);
  });

  test('does not depend on the division into blocks', async () => {
    const source = await sfz(
      `<global> key=69 ampeg_release=0.2 <region> sample=looped.wav loop_mode=loop_sustain tune=33 cutoff=2000 group=1 off_by=1
       <region> sample=a.wav trigger=release <region> sample=mono.wav hirand=0.5`,
    );
    const played = part([
      note({ time: 0.1, duration: 0.21 }),
      note({ time: 0.2, duration: 0.3 }),
      { kind: 'pitchBend', time: 0.25, value: 10000 },
      note({ time: 0.7, duration: 0.01 }),
    ]);
    const whole = record(source, played);
    for (const divisions of [[1, 1023], [65, 63], [500]]) {
      expect(identical(record(source, played, { divisions }).left, whole.left)).toBe(true);
    }
  });

  test('SFZ files of the samples folder are instruments of the catalogue', async () => {
    const path = await folder({
      'Kalimba/k.sfz': '<region> sample=../a.wav key=60',
      'Kora/Kora.sfz': '<region> sample=w/a.wav key=60',
      'Kora/w/a.wav': SAMPLES['a.wav']!,
      'Two/One of two.sfz': '<region> sample=a.wav',
      'Two/Other of two.sfz': '<region> sample=a.wav',
      'Two/a.wav': SAMPLES['a.wav']!,
    }).then(async (made) => {
      await rm(join(made, 'Kalimba'), { recursive: true });
      return made;
    });
    const catalogue = await openCatalogue({ defaultSoundFont: null, samplesFolder: path });
    const names = catalogue
      .list()
      .instruments.filter(({ kind }) => kind === 'samples')
      .map(({ name }) => name);
    expect(names.sort()).toEqual(['Kora', 'One of two', 'Other of two']);
  });
});
