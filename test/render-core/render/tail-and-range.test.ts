import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  estimateRender,
  type Performance,
  type RenderOptionsInput,
  type ResolvedPart,
  renderFaults,
  renderOptionsSchema,
  renderPerformance,
  type SoundSource,
} from '@musistrata/render-core';
import { largestDifference, temporaryFolder } from '../audio/encode.js';
import { readWav } from '../audio/read-wav.js';
import { note, optionsOf, performanceOf, rawOptions, resolve, SineSource } from './sine-source.js';

const RATE = 16000;
const folder = temporaryFolder();

async function render(
  score: Performance,
  source: SoundSource,
  options: RenderOptionsInput = {},
  settings: readonly Partial<ResolvedPart>[] = [],
) {
  const renderFolder = mkdtempSync(join(folder.path, 'render-'));
  const parts = resolve(score, source, settings);
  const { audio } = await renderPerformance(score, parts, rawOptions({ sampleRate: RATE, ...options }), {
    folder: renderFolder,
  });
  return { audio, left: readWav(audio.path).channels[0]! };
}

const sounds = (samples: Float64Array, from: number, to: number) =>
  samples.subarray(Math.round(from * RATE), Math.round(to * RATE)).some((sample) => sample !== 0);

describe('the tail', () => {
  test('of a MusiStrata song is two seconds to the frame: the old demo lasts 10 s', async () => {
    // Two bars of 4 s, notes with a release as long as a piano's.
    const notes = [0, 1, 2, 4, 5, 6].map((time, i) => note(time, 2, 72 + 4 * (i % 3), 60));
    const { audio } = await render(performanceOf(8, [notes]), new SineSource({ releaseSeconds: 1, reverb: 0.3 }));
    expect(audio.frames).toBe(10 * RATE);
  });

  test('of a MusiStrata song grows where it would cut what can still be heard', async () => {
    const { audio, left } = await render(performanceOf(1, [[note(0, 1)]]), new SineSource({ releaseSeconds: 5 }));
    // The release falls by 60 dB in 5 s.
    expect(audio.durationSeconds).toBeCloseTo(6, 1);
    expect(Math.abs(left.at(-1)!)).toBeLessThan(1e-4);
  });

  test('to silence ends when the sound is 80 dB below the loudest sample', async () => {
    const score = performanceOf(1, [[note(0, 1)]], { defaultTail: 'silence' });
    const { audio } = await render(score, new SineSource({ releaseSeconds: 1.5 }));
    expect(audio.durationSeconds).toBeCloseTo(1 + 1.5 * (80 / 60), 1);
  });

  test('to silence waits for repeats that are still to come', async () => {
    const score = performanceOf(1, [[note(0, 1)]]);
    const echo = { type: 'echo', delaySeconds: 5, gain: 0.5, feedback: 0 } as const;
    for (const where of ['part', 'master']) {
      const master = where === 'master' ? { master: { effects: [echo] } } : {};
      const settings = where === 'part' ? [{ effects: [echo] }] : [];
      const { left } = await render(score, new SineSource(), { tail: 'silence', ...master }, settings);
      expect(left.length).toBe(6 * RATE);
      expect(left[5.5 * RATE + 7]).toBeCloseTo(0.5 * left[0.5 * RATE + 7]!, 6);
    }
  });

  test('waits for voices that have yet to sound, however long they are silent', async () => {
    const score = performanceOf(1, [[note(0, 1)]], { defaultTail: 'silence' });
    const late = new SineSource({ lateSeconds: 4 });
    const { left } = await render(score, late);
    expect(left.length).toBe(5 * RATE);
    expect(left[4.5 * RATE + 7]).toBeCloseTo(0.5 * Math.sin((2 * Math.PI * 440 * (0.5 * RATE + 7)) / RATE), 6);
    const { left: loop } = await render(score, late, { tail: 'loop' });
    // All but the fade at the end of what does not repeat.
    const untouched = Math.floor(0.989 * RATE);
    expect(largestDifference(loop.subarray(0, untouched), left.subarray(4 * RATE, 4 * RATE + untouched))).toBe(0);
  });

  test('to silence is never longer than 30 s', async () => {
    const { audio } = await render(performanceOf(1, [[note(0, 1)]]), new SineSource({ releaseSeconds: 100 }), {
      tail: 'silence',
      sampleRate: 8000,
    });
    expect(audio.durationSeconds).toBe(31);
  });

  test('exact ends with the music, faded over 10 ms', async () => {
    const { audio, left } = await render(performanceOf(1, [[note(0, 1)]]), new SineSource({ releaseSeconds: 3 }), {
      tail: 'exact',
    });
    expect(audio.frames).toBe(RATE);
    const untouched = Math.floor(0.989 * RATE);
    expect(left[untouched]).toBeCloseTo(0.5 * Math.sin((2 * Math.PI * 440 * untouched) / RATE), 6);
    expect(left.at(-1)).toBeCloseTo(0, 12);
    // Nothing jumps: the steepest step is that of the sine itself.
    expect(largestDifference(left.subarray(1), left.subarray(0, -1))).toBeLessThan(1.01 * Math.PI * (440 / RATE));
  });

  test('in seconds is that long, with sound or without', async () => {
    const score = performanceOf(1, [[note(0, 1)]]);
    for (const releaseSeconds of [0, 4]) {
      const { audio } = await render(score, new SineSource({ releaseSeconds }), { tail: 1.25 });
      expect(audio.frames).toBe(2.25 * RATE);
    }
  });

  test('of a loop sounds at its start, so that two turns sound like one', async () => {
    const score = performanceOf(2, [[note(0, 0.5), note(1.5, 0.5, 76)]]);
    const source = () => new SineSource({ releaseSeconds: 2 });
    const { audio, left } = await render(score, source(), { tail: 'loop' });
    expect(audio.frames).toBe(2 * RATE);
    // The second turn of a score that plays everything twice.
    const again = performanceOf(4, [[0, 2].flatMap((at) => [note(at, 0.5), note(at + 1.5, 0.5, 76)])]);
    const { left: twice } = await render(again, source(), { tail: 'exact' });
    const difference = largestDifference(left.subarray(0, RATE), twice.subarray(2 * RATE, 3 * RATE));
    expect(difference).toBeLessThan(0.002);
    expect(Math.abs(left[1000]! - twice[1000]!)).toBeGreaterThan(0.01);
  });

  test('of a loop may be longer than the loop', async () => {
    const { left } = await render(performanceOf(0.25, [[note(0, 0.25, 60)]]), new SineSource({ releaseSeconds: 1 }), {
      tail: 'loop',
    });
    expect(left).toHaveLength(0.25 * RATE);
    expect(Math.abs(left[100]! - 0.5 * Math.sin((2 * Math.PI * 261.6256 * 100) / RATE))).toBeGreaterThan(0.01);
  });
});

describe('a range', () => {
  const score = performanceOf(6, [[note(0, 1.5), note(1.2, 3, 76), note(4, 2, 64)], [note(2, 2, 52)]]);
  const source = () => new SineSource({ releaseSeconds: 2, reverb: 0.4, chorus: 0.4 });
  const settings = [
    { pan: 0.3, effects: [{ type: 'chorus', mix: 0.5, rateHz: 0.7, depthSeconds: 0.004 }] },
    { gainDb: -3, effects: [{ type: 'echo', delaySeconds: 0.7, gain: 0.6, feedback: 0.4 }] },
  ] as const satisfies readonly Partial<ResolvedPart>[];
  const options: RenderOptionsInput = {
    master: { effects: [{ type: 'compressor' }, { type: 'reverb', mix: 0.2 }] },
  };

  test.each([
    ['in the middle', { startSeconds: 1.337, endSeconds: 3.9 }],
    ['to the end', { startSeconds: 3 }],
    ['from the start', { endSeconds: 2 }],
    ['into the tail', { startSeconds: 5, endSeconds: 7.5 }],
    ['into the last fade', { startSeconds: 5, endSeconds: 8 - 0.004 }],
    ['of bars', { startBar: 2, endBar: 2 }],
  ])('is the same stretch of the whole, bit for bit: %s', async (_, range) => {
    const tail = 2;
    const { left: whole } = await render(score, source(), { ...options, tail }, settings);
    const { left } = await render(score, source(), { ...options, tail, range }, settings);
    const start = 'startBar' in range ? 2 : 'startSeconds' in range ? range.startSeconds : 0;
    const end = 'startBar' in range ? 4 : 'endSeconds' in range ? range.endSeconds : 8;
    expect(left).toHaveLength(Math.round(end * RATE) - Math.round(start * RATE));
    expect(largestDifference(left, whole.subarray(Math.round(start * RATE), Math.round(end * RATE)))).toBe(0);
  });

  test('that outlasts an open-ended tail ends where the whole ends', async () => {
    const open = { ...options, tail: 'silence' } as const;
    const { left: whole } = await render(score, source(), open, settings);
    const { left } = await render(score, source(), { ...open, range: { startSeconds: 4, endSeconds: 35 } }, settings);
    expect(left).toHaveLength(whole.length - 4 * RATE);
    expect(largestDifference(left, whole.subarray(4 * RATE))).toBe(0);
  });

  test('is normalised by itself', async () => {
    const quiet = performanceOf(4, [[note(0, 1, 60, 10), note(2, 1, 60, 100)]]);
    const parts = resolve(quiet, new SineSource());
    const range = { endSeconds: 1 };
    const { audio } = await renderPerformance(quiet, parts, optionsOf({ range }), { folder: folder.path });
    expect(audio.peakDbtp).toBeCloseTo(-0.1, 6);
  });

  test('keeps the dither of the whole', async () => {
    const dithered = { bitDepth: 16, sampleFormat: 'integer', tail: 'exact' } as const;
    const { left: whole } = await render(score, source(), { ...options, ...dithered }, settings);
    const { left } = await render(
      score,
      source(),
      { ...options, ...dithered, range: { startSeconds: 1, endSeconds: 2 } },
      settings,
    );
    expect(largestDifference(left, whole.subarray(RATE, 2 * RATE))).toBe(0);
    expect(sounds(left, 0, 1)).toBe(true);
  });
});

describe('before rendering', () => {
  const score = performanceOf(6, [[note(0, 6)]]);

  test.each([
    [{ startSeconds: 6 }, ['/range/startSeconds']],
    [{ startSeconds: 2, endSeconds: 1 }, ['/range/endSeconds']],
    [{ startSeconds: 2, endSeconds: 36.5 }, ['/range/endSeconds']],
    [{ startSeconds: 50, endSeconds: 40 }, ['/range/startSeconds', '/range/endSeconds', '/range/endSeconds']],
    [{ startBar: 4 }, ['/range/startBar']],
    [{ startBar: 1, endBar: 30 }, ['/range/endBar']],
    [{ startBar: 1, endBar: 3 }, []],
    [{ startSeconds: 2, endSeconds: 8 }, []],
  ])('a range outside the score is refused with its place: %j', (range, pointers) => {
    const faults = renderFaults(score, optionsOf({ range }));
    expect(faults.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  test('so are effects that would need hundreds of megabytes', () => {
    const effects = Array.from({ length: 16 }, () => ({ type: 'echo' as const, delaySeconds: 10 }));
    expect(renderFaults(score, optionsOf({ master: { effects } }))).toEqual([]);
    const parts = Array.from({ length: 20 }, (_, part) => ({ part, effects }));
    expect(renderFaults(score, optionsOf({ parts })).map(({ pointer }) => pointer)).toEqual(['/parts']);
  });

  test('and filters above half the sample rate', () => {
    const effects = [{ type: 'filter', shape: 'lowpass', frequencyHz: 30000 }] as const;
    const parsed = renderOptionsSchema.safeParse({ parts: [{ part: 0, effects }], master: { effects } });
    expect(parsed.error?.issues.map(({ path }) => path.join('/'))).toEqual([
      'master/effects/0/frequencyHz',
      'parts/0/effects/0/frequencyHz',
    ]);
    expect(renderOptionsSchema.safeParse({ sampleRate: 96000, master: { effects } }).success).toBe(true);
  });

  test('length and bytes are known', async () => {
    const { audio } = await render(score, new SineSource(), { tail: 2 });
    const estimate = estimateRender(score, rawOptions({ sampleRate: RATE, tail: 2 }));
    expect(estimate).toMatchObject({ renderedSeconds: 8, fileSeconds: 8, scratchBytes: 8 * RATE * 8 });
    expect(audio.bytes - estimate.fileBytes).toBeLessThan(200);
    expect(audio.bytes - estimate.fileBytes).toBeGreaterThan(0);
    expect(estimateRender(score, rawOptions({ sampleRate: RATE, tail: 2, stems: true })).scratchBytes).toBe(
      2 * 8 * RATE * 8,
    );
  });

  test.each([
    ['mp3', 192],
    ['opus', 128],
  ] as const)('bytes of %s files are counted by the bit rate that they get, %d kbit/s', (format, rate) => {
    const bytes = (bitrateKbps?: number) =>
      estimateRender(score, optionsOf({ format, tail: 2, ...(bitrateKbps === undefined ? {} : { bitrateKbps }) }))
        .fileBytes;
    expect(bytes()).toBe(8 * rate * 125);
    expect(bytes(96)).toBe(8 * 96 * 125);
  });
});
