import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  type InstrumentError,
  type Quality,
  readSampleFolder,
  SampleCache,
  SampleSource,
} from '@musistrata/render-core';
import {
  amplitudeAt,
  cents,
  decibels,
  firstSound,
  identical,
  lastSound,
  peak,
  pitchNear,
  steepest,
  strongestElse,
} from './measure.js';
import { controller, note, part, record } from './rig.js';
import { type Files, useFolders } from './test-folders.js';
import { sine, type WavSpec, wavFile } from './wav-files.js';

const RATE = 44100;
const folder = useFolders();

async function instrument(files: Files): Promise<SampleSource> {
  return new SampleSource(await readSampleFolder(await folder(files), 'Bell'), new SampleCache(1e9));
}

const tones = new Map<string, Buffer>();

/** A sine at the pitch of a key. */
function tone(key: number, seconds = 1, spec: WavSpec = {}, amplitude = 0.5): Buffer {
  const known = JSON.stringify([key, seconds, spec, amplitude]);
  if (!tones.has(known)) tones.set(known, makeTone(key, seconds, spec, amplitude));
  return tones.get(known)!;
}

function makeTone(key: number, seconds: number, spec: WavSpec, amplitude: number): Buffer {
  const rate = spec.sampleRate ?? RATE;
  const line = sine(440 * 2 ** ((key - 69) / 12), seconds * rate, rate, amplitude);
  return wavFile([line, line], { bytes: 3, ...spec });
}

async function refusal(files: Files): Promise<InstrumentError> {
  return readSampleFolder(await folder(files), 'Bell').then(
    () => Promise.reject(new Error('accepted')),
    (error: InstrumentError) => error,
  );
}

describe('a sample folder', () => {
  test('plays a sample of its own key exactly as recorded', async () => {
    const line = Float32Array.from(
      { length: 44100 },
      (_, index) => Math.sin(index * 0.1) * Math.cos(index * 0.037) * 0.9,
    );
    const bell = await instrument({ 'Bell_60.wav': wavFile([line, line.map((x) => -x)], { tag: 3, bytes: 4 }) });
    for (const quality of ['draft', 'standard', 'high'] as const) {
      const { left, right } = record(bell, part([note({ time: 0.25, key: 60, duration: 3 })]), { quality });
      const start = 11025;
      expect(firstSound(left)).toBe(start + 1);
      // After the fade-in and before the fade-out of a recording that ends loud.
      expect(identical(left.slice(start + 30, start + 43900), line.slice(30, 43900))).toBe(true);
      expect(right[start + 1000]).toBe(-left[start + 1000]!);
      expect(lastSound(left)).toBeLessThan(start + 44100);
    }
  });

  test.each<[string, WavSpec]>([
    ['48 kHz', { sampleRate: 48000 }],
    ['22.05 kHz', { sampleRate: 22050 }],
    ['96 kHz', { sampleRate: 96000 }],
  ])('plays %s files at their pitch and level', async (_, spec) => {
    const bell = await instrument({ 'Bell_69.wav': tone(69, 1, spec) });
    const { left } = record(bell, part([note({ key: 69 })]));
    const steady = left.subarray(4096, 4096 + 32768);
    expect(Math.abs(cents(pitchNear(steady, 440, RATE) / 440))).toBeLessThan(0.05);
    expect(decibels(amplitudeAt(steady, 440, RATE) / 0.5)).toBeCloseTo(0, 2);
  });

  test('a mono sample goes to both sides at -3 dB', async () => {
    const bell = await instrument({ 'Bell_69.wav': wavFile([sine(440, 22050)], { bytes: 3 }) });
    const { left, right } = record(bell, part([note()]));
    expect(decibels(peak(left) / (0.5 * Math.SQRT1_2))).toBeCloseTo(0, 1);
    expect(identical(left, right)).toBe(true);
  });

  test.each([1, 60, 127])('velocity %i is linear amplitude', async (velocity) => {
    const bell = await instrument({ 'Bell_69.wav': tone(69) });
    const { left } = record(bell, part([note({ velocity })]));
    expect(decibels(peak(left) / (0.5 * (velocity / 100)))).toBeCloseTo(0, 2);
  });

  test('missing keys come from the nearest sample, transposed', async () => {
    // The two samples differ in level to tell them apart.
    const bell = await instrument({ 'Bell_57.wav': tone(57, 1, {}, 0.5), 'Bell_69.wav': tone(69, 2, {}, 0.25) });
    for (const [key, level] of [
      [45, 0.5],
      [62, 0.5],
      [63, 0.5],
      [64, 0.25],
      [76, 0.25],
      [88, 0.25],
    ] as const) {
      const { left } = record(bell, part([note({ key })]), { seconds: 0.5 });
      const steady = left.subarray(4096, 4096 + 16384);
      const frequency = 440 * 2 ** ((key - 69) / 12);
      expect(Math.abs(cents(pitchNear(steady, frequency, RATE) / frequency))).toBeLessThan(0.1);
      expect(decibels(amplitudeAt(steady, frequency, RATE) / level)).toBeCloseTo(0, 1);
    }
  });

  test.each<[Quality, number]>([
    ['draft', -35],
    ['standard', -60],
    ['high', -85],
  ])('transposing at %s quality leaves only the tone', async (quality, floor) => {
    const bell = await instrument({ 'Bell_84.wav': tone(84, 1) });
    for (const key of [79, 84, 91]) {
      const { left } = record(bell, part([note({ key })]), { quality, seconds: 0.5 });
      const frequency = 440 * 2 ** ((key - 69) / 12);
      expect(strongestElse(left.subarray(4096, 4096 + 16384), [frequency], RATE)).toBeLessThan(floor);
    }
  });

  test('transposing up does not alias', async () => {
    const line = sine(15000, 66150);
    const bell = await instrument({ 'Bell_60.wav': wavFile([line, line], { bytes: 3 }) });
    // An octave up 15 kHz would be 30 kHz, which folds to 14.1 kHz.
    const { left } = record(bell, part([note({ key: 72 })]), { quality: 'high', seconds: 0.7 });
    expect(decibels(peak(left, 2000, 30000) / 0.5)).toBeLessThan(-75);
  });

  test('note names count octaves so that C4 is key 60, unless the folder says otherwise', async () => {
    const named = await instrument({ 'Bell_A4.wav': tone(69), 'Bell_Bb2.wav': tone(46), 'Bell_C#5.wav': tone(73) });
    expect(named.instrument.regions.map((region) => region.rootKey).sort()).toEqual([46, 69, 73]);
    const yamaha = await instrument({ 'Bell_A3.wav': tone(69), 'instrument.json': '{"middleC":"C3"}' });
    expect(yamaha.instrument.regions[0]!.rootKey).toBe(69);
  });

  test('velocity layers and round robin follow the names', async () => {
    const level = (amplitude: number) => tone(60, 0.5, {}, amplitude);
    const bell = await instrument({
      'Bell_60_v40.wav': level(0.1),
      'Bell_60_v90_rr1.wav': level(0.2),
      'Bell_60_v90_rr2.wav': level(0.4),
      'Bell_60_v127.wav': level(0.8),
    });
    const velocities = [40, 41, 90, 60, 91, 127, 41];
    const played = part(velocities.map((velocity, index) => note({ time: index, key: 60, velocity, duration: 0.3 })));
    const { left } = record(bell, played, { seconds: velocities.length });
    const levels = velocities.map((velocity, index) => {
      const measured = peak(left, index * RATE + 2000, index * RATE + 9000) / (velocity / 100);
      return Math.round(measured * 100) / 100;
    });
    expect(levels).toEqual([0.1, 0.2, 0.4, 0.2, 0.8, 0.8, 0.4]);
  });

  test('notes longer than the sample repeat its loop without a seam, also transposed', async () => {
    const frequency = RATE / 100;
    const line = sine(frequency, 5000);
    const spec: WavSpec = { bytes: 4, loop: { start: 1000, end: 4000 } };
    const bell = await instrument({ 'Bell_69.wav': wavFile([line, line], spec) });
    for (const key of [57, 74, 93]) {
      const { left } = record(bell, part([note({ key, duration: 4 })]), { seconds: 5, quality: 'high' });
      const sounding = frequency * 2 ** ((key - 69) / 12);
      const late = left.subarray(3 * RATE, 3 * RATE + 32768);
      expect(decibels(amplitudeAt(late, sounding, RATE) / 0.5)).toBeCloseTo(0, 1);
      expect(strongestElse(late, [sounding], RATE)).toBeLessThan(-85);
      expect(lastSound(left)).toBe(4.5 * RATE - 2);
    }
  });

  test('a loop survives resampling', async () => {
    const line = sine(480, 5000, 48000);
    const bell = await instrument({
      'Bell_69.wav': wavFile([line, line], { bytes: 4, sampleRate: 48000, loop: { start: 1000, end: 4000 } }),
    });
    const { left } = record(bell, part([note({ duration: 4 })]), { seconds: 4, quality: 'high' });
    const late = left.subarray(3 * RATE, 3 * RATE + 32768);
    expect(decibels(amplitudeAt(late, 480, RATE) / 0.5)).toBeCloseTo(0, 1);
    expect(strongestElse(late, [480], RATE)).toBeLessThan(-85);
  });

  test('a sample without a loop that stops abruptly is faded, not clicked', async () => {
    const line = Float64Array.from({ length: 10000 }, (_, index) => 0.5 * Math.cos(index * 0.01));
    const bell = await instrument({ 'Bell_60.wav': wavFile([line, line]) });
    const { left, active } = record(bell, part([note({ key: 60, duration: 1.5 })]));
    expect(steepest(left)).toBeLessThan(0.05);
    expect(lastSound(left)).toBeLessThan(10000);
    expect(active).toBe(false);
  });

  test('instrument.json sets attack, release, level, tuning and placement', async () => {
    const settings = {
      attackSeconds: 0.1,
      releaseSeconds: 0.2,
      normalize: true,
      gainDb: -6,
      tuneCents: 50,
      samples: [{ file: 'x.wav', key: 'A4', highKey: 80, lowVelocity: 20 }],
    };
    const bell = await instrument({ 'x.wav': tone(69, 2), 'instrument.json': JSON.stringify(settings) });
    const { left } = record(bell, part([note()]));
    const steady = left.subarray(8192, 8192 + 16384);
    const expected = 440 * 2 ** (50 / 1200);
    expect(Math.abs(cents(pitchNear(steady, expected, RATE) / expected))).toBeLessThan(0.05);
    expect(decibels(amplitudeAt(steady, expected, RATE))).toBeCloseTo(-6, 1);
    expect(peak(left, 2150, 2260)).toBeCloseTo(10 ** (-6 / 20) / 2, 1);
    expect(lastSound(left) / RATE).toBeCloseTo(1.2, 3);
    for (const silent of [{ key: 81 }, { velocity: 19 }]) {
      expect(peak(record(bell, part([note(silent)])).left)).toBe(0);
    }
  });

  test('a note without length sounds for the release', async () => {
    const bell = await instrument({ 'Bell_69.wav': tone(69) });
    const { left } = record(bell, part([note({ duration: 0 })]));
    expect(peak(left)).toBeGreaterThan(0.4);
    expect(lastSound(left) / RATE).toBeCloseTo(0.5, 3);
  });

  test('wheel, pan, volume and division into blocks', async () => {
    const bell = await instrument({
      'Bell_69.wav': tone(69, 1, { sampleRate: 48000, loop: { start: 9600, end: 19200 } }),
    });
    const events = [
      controller(0, 10, 127),
      note({ duration: 1.5 }),
      note({ key: 70, time: 0.1, duration: 1 }),
      { kind: 'pitchBend', time: 0.5, value: 12288 } as const,
      controller(0.7, 7, 40),
      controller(0.9, 10, 30),
      controller(1.3, 64, 127),
      { kind: 'pitchBend', time: 1.4, value: 8192 } as const,
    ];
    const whole = record(bell, part(events));
    expect(peak(whole.left, 0, RATE / 2)).toBe(0);
    const bent = whole.right.subarray(Math.round(0.55 * RATE), Math.round(0.55 * RATE) + 4096);
    expect(amplitudeAt(bent, 440 * 2 ** (1 / 12), RATE)).toBeGreaterThan(0.2);
    for (const divisions of [[1, 1000, 64], [777], [63, 65]]) {
      const divided = record(bell, part(events), { divisions });
      expect(identical(divided.left, whole.left)).toBe(true);
      expect(identical(divided.right, whole.right)).toBe(true);
    }
  });

  test('its identity follows samples and settings, not names', async () => {
    const one = await instrument({ 'Bell_69.wav': tone(69) });
    const same = await instrument({ 'Bell_A4.wav': tone(69) });
    const other = await instrument({ 'Bell_69.wav': tone(69, 1, {}, 0.4) });
    const set = await instrument({ 'Bell_69.wav': tone(69), 'instrument.json': '{"gainDb":-1}' });
    expect(one.identity).toBe(same.identity);
    expect(new Set([one.identity, other.identity, set.identity]).size).toBe(3);
  });
});

describe('a sample folder that cannot be used', () => {
  test('an empty one', async () => {
    expect(await refusal({})).toMatchObject({
      code: 'invalid-sample-folder',
      message: expect.stringContaining('Bell_60'),
    });
  });

  test('files of several instruments', async () => {
    expect(await refusal({ 'A_60.wav': tone(60), 'B_61.wav': tone(61) })).toHaveProperty(
      'code',
      'invalid-sample-folder',
    );
  });

  test('all unreadable samples are named at once', async () => {
    const error = await refusal({ 'Bell_60.wav': 'nonsense', 'Bell_61.wav': tone(61), 'Bell_62.wav': '' });
    expect(error.errors.map(({ pointer }) => pointer)).toEqual(['Bell_60.wav', 'Bell_62.wav']);
  });

  test.each([
    ['{', 'not JSON'],
    ['{"gainDb":"loud"}', '/gainDb'],
    ['{"volume":1}', 'volume'],
    ['{"samples":[{"file":"../1/Bell_60.wav","key":60}]}', 'outside'],
    ['{"samples":[{"file":"/etc/passwd","key":60}]}', 'outside'],
    ['{"samples":[{"file":"ok.wav"}]}', 'no key'],
    ['{"samples":[{"file":"ok.wav","key":60,"loop":{"start":5,"end":99999999}}]}', 'does not fit'],
  ])('%s', async (settings, words) => {
    const error = await refusal({ 'ok.wav': tone(60), 'instrument.json': settings });
    expect(error.code).toBe('invalid-sample-folder');
    expect(error.message).toContain(words);
  });

  test('a link out of the folder', async () => {
    const outside = await folder({ 'secret.wav': tone(60) });
    const path = await folder({});
    await symlink(join(outside, 'secret.wav'), join(path, 'Bell_60.wav'));
    await expect(readSampleFolder(path, 'Bell')).rejects.toThrow('outside');
  });
});
