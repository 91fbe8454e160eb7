import { describe, expect, test } from '@jest/globals';
import { decodeWav, InstrumentError, readWavHeader, resample } from '@musistrata/render-core';
import { amplitudeAt, decibels, peak, seededRandom, strongestElse } from './measure.js';
import { sine, type WavSpec, wavFile } from './wav-files.js';

function decode(file: Buffer) {
  return decodeWav(file, readWavHeader(file, 'test.wav'));
}

function refusal(file: Buffer): InstrumentError {
  try {
    decode(file);
  } catch (error) {
    if (error instanceof InstrumentError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('reading WAV files', () => {
  const line = sine(440, 1000);

  test.each<[string, WavSpec, number]>([
    ['8-bit', { bytes: 1 }, 2 ** -8],
    ['16-bit', { bytes: 2 }, 2 ** -16],
    ['24-bit', { bytes: 3 }, 2 ** -24],
    ['32-bit', { bytes: 4 }, 2 ** -24],
    ['40-bit', { bytes: 5 }, 2 ** -24],
    ['64-bit', { bytes: 8 }, 2 ** -24],
    ['32-bit float', { tag: 3, bytes: 4 }, 2 ** -24],
    ['64-bit float', { tag: 3, bytes: 8 }, 2 ** -24],
    ['16-bit big-endian', { bytes: 2, bigEndian: true }, 2 ** -16],
    ['24-bit big-endian', { bytes: 3, bigEndian: true }, 2 ** -24],
    ['64-bit big-endian', { bytes: 8, bigEndian: true }, 2 ** -24],
    ['24-bit extensible', { bytes: 3, extensible: true }, 2 ** -24],
  ])('%s keeps every sample to half a step', (_, spec, step) => {
    const [left, right] = decode(wavFile([line, line.map((value) => -value)], { ...spec, sampleRate: 48000 }));
    let worst = 0;
    for (let i = 0; i < line.length; i++) {
      worst = Math.max(worst, Math.abs(left[i]! - line[i]!), Math.abs(right![i]! + line[i]!));
    }
    // Integers were written rounded or cut off, so that a whole step of the writer is allowed.
    expect(worst).toBeLessThan(2.1 * step);
  });

  // Decoded values of ITU-T G.711 tables 1 and 2, at the scale of 16 bits.
  test.each([
    ['A-law', 6, [0xd5, 0x55, 0xaa, 0x2a], [8, -8, 32256, -32256]],
    ['mu-law', 7, [0xff, 0xfe, 0x80, 0x00], [0, 8, 32124, -32124]],
  ])('%s follows G.711', (_, tag, codes, values) => {
    const [left] = decode(wavFile([codes], { tag, bytes: 1 }));
    expect([...left].map((value) => value * 32768)).toEqual(values);
  });

  test('reads loop and key from the smpl chunk', () => {
    const header = readWavHeader(wavFile([line], { loop: { start: 100, end: 500 }, unityKey: 57 }), 'test.wav');
    expect(header).toMatchObject({ loop: { start: 100, end: 500 }, unityKey: 57, frames: 1000 });
  });

  test('mixes surround sound down to two channels', () => {
    const one = [0.5];
    const none = [0];
    const [left, right] = decode(wavFile([one, none, none, none, none, none], { bytes: 4 }));
    const centre = decode(wavFile([none, none, one, none, none, none], { bytes: 4 }));
    const low = decode(wavFile([none, none, none, one, none, none], { bytes: 4 }));
    expect(left[0]).toBeGreaterThan(0.2);
    expect(right![0]).toBe(0);
    expect(centre[0][0]! / left[0]!).toBeCloseTo(Math.SQRT1_2, 5);
    expect(centre[1]![0]).toBe(centre[0][0]);
    expect(low[0][0]).toBe(0);
  });

  test('what is not a number is silent', () => {
    const [left] = decode(wavFile([[Number.NaN, Number.POSITIVE_INFINITY, 0.5]], { tag: 3, bytes: 4 }));
    expect([...left]).toEqual([0, 0, 0.5]);
  });

  test.each<[string, (file: Buffer) => void, string]>([
    ['a data chunk larger than the file', (file) => file.writeUInt32LE(0x7fffffff, 40), 'is cut off'],
    ['a format chunk larger than the file', (file) => file.writeUInt32LE(0x7fffffff, 16), 'is cut off'],
    ['no channels', (file) => file.writeUInt16LE(0, 22), 'channels'],
    ['60000 channels', (file) => file.writeUInt16LE(60000, 22), 'channels'],
    ['a rate of 0', (file) => file.writeUInt32LE(0, 24), 'sample rate'],
    ['a rate of 4 GHz', (file) => file.writeUInt32LE(0xffffffff, 24), 'sample rate'],
    ['frames of 0 bytes', (file) => file.writeUInt16LE(0, 32), 'frames'],
    ['ADPCM', (file) => file.writeUInt16LE(17, 20), 'format 17'],
    ['no sound', (file) => file.writeUInt32LE(0, 40), 'no sound'],
    ['another container', (file) => file.write('OggS', 0), 'not a WAV file'],
    ['no format', (file) => file.write('nope', 12), 'no format chunk'],
    ['no data', (file) => file.write('nope', 36), 'no data chunk'],
  ])('refuses %s', (_, spoil, words) => {
    const file = wavFile([line]);
    spoil(file);
    expect(refusal(file)).toMatchObject({ code: 'invalid-sample', message: expect.stringContaining(words) });
  });

  test('survives any damage', () => {
    const random = seededRandom(11);
    const whole = wavFile([line.subarray(0, 50)], { loop: { start: 3, end: 40 } });
    let decoded = 0;
    for (let round = 0; round < 1500; round++) {
      const file = Buffer.from(whole.subarray(0, random() < 0.3 ? Math.floor(random() * whole.length) : whole.length));
      for (let hit = 0; hit < 1 + random() * 4; hit++) {
        const place = Math.floor((random() < 0.8 ? 44 : file.length) * random());
        if (place < file.length) file[place] = Math.floor(random() * 256);
      }
      try {
        const channels = decode(file);
        expect(channels[0].length).toBeLessThanOrEqual(file.length);
        decoded++;
      } catch (error) {
        expect(error).toHaveProperty('code', 'invalid-sample');
      }
    }
    expect(decoded).toBeGreaterThan(40);
  });
});

describe('resampling', () => {
  const RATES = [
    [48000, 44100],
    [44100, 48000],
    [96000, 44100],
    [22050, 44100],
    [44100, 8000],
    [11025, 96000],
  ] as const;

  test.each(RATES)('%i to %i Hz reproduces sines of the passband', (from, to) => {
    for (const share of [0.05, 0.5, 0.85]) {
      const frequency = (share * Math.min(from, to)) / 2;
      const out = resample(Float32Array.from(sine(frequency, from / 2, from)), from, to);
      const ideal = sine(frequency, out.length, to);
      const margin = Math.ceil((200 * Math.max(from, to)) / Math.min(from, to));
      let worst = 0;
      for (let i = margin; i < out.length - margin; i++) worst = Math.max(worst, Math.abs(out[i]! - ideal[i]!));
      expect(decibels(worst / 0.5)).toBeLessThan(-85);
    }
  });

  test.each(RATES.filter(([from, to]) => from > to))('%i to %i Hz lets nothing alias', (from, to) => {
    for (const share of [1.001, 1.05, 1.5]) {
      const frequency = (share * to) / 2;
      if (frequency > from / 2) continue;
      const out = resample(Float32Array.from(sine(frequency, from, from)), from, to);
      const margin = Math.ceil((400 * to) / from) + 400;
      expect(decibels(peak(out, margin, out.length - margin) / 0.5)).toBeLessThan(-90);
    }
  });

  test.each(RATES.filter(([from, to]) => from < to))('%i to %i Hz adds no images', (from, to) => {
    const frequency = 0.4 * from;
    const out = resample(Float32Array.from(sine(frequency, 2 * from, from)), from, to);
    const steady = out.subarray(4096, 4096 + 16384);
    expect(decibels(amplitudeAt(steady, frequency, to) / 0.5)).toBeCloseTo(0, 2);
    expect(strongestElse(steady, [frequency], to)).toBeLessThan(-90);
  });

  test('is exact at a rate of one and keeps DC', () => {
    const signal = Float32Array.from([0.1, -0.2, 0.3]);
    expect(resample(signal, 44100, 44100)).toEqual(signal);
    const flat = resample(new Float32Array(4000).fill(1), 48000, 44100);
    expect(flat[1800]).toBeCloseTo(1, 6);
  });
});
