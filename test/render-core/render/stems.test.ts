import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type RenderOptionsInput, type ResolvedPart, renderPerformance } from '@musistrata/render-core';
import { temporaryFolder } from '../audio/encode.js';
import { readWav } from '../audio/read-wav.js';
import { note, optionsOf, performanceOf, rawOptions, resolve, SineSource } from './sine-source.js';

const folder = temporaryFolder();
const score = performanceOf(2, [[note(0, 1), note(1, 1, 72)], [note(0.5, 1, 57)], [note(0, 2, 45)], []]);
const settings: readonly Partial<ResolvedPart>[] = [
  { pan: 0.2, reverbSend: 0.5 },
  { gainDb: -6, effects: [{ type: 'echo', delaySeconds: 0.3, gain: 0.5, feedback: 0.2 }] },
];

async function render(options: RenderOptionsInput, raw = true, changes = settings) {
  const source = new SineSource({ releaseSeconds: 0.5, reverb: 0.5, chorus: 0.5, amplitude: 0.2 });
  const renderFolder = mkdtempSync(join(folder.path, 'render-'));
  const parsed = raw
    ? rawOptions({ stems: true, sampleRate: 16000, ...options })
    : optionsOf({ stems: true, sampleRate: 16000, ...options });
  const result = await renderPerformance(score, resolve(score, source, changes), parsed, { folder: renderFolder });
  const mix = readWav(result.audio.path).channels;
  const stems = result.stems.map(({ audio }) => readWav(audio.path).channels);
  return { result, mix, stems, renderFolder };
}

/** Largest difference between the mix and the sum of the stems. */
function residue(mix: readonly Float64Array[], stems: readonly (readonly Float64Array[])[]): number {
  let largest = 0;
  const { abs } = Math;
  for (const [channel, samples] of mix.entries())
    for (let i = 0; i < samples.length; i++) {
      let sum = 0;
      for (const stem of stems) sum += stem[channel]![i]!;
      const difference = abs(samples[i]! - sum);
      if (difference > largest) largest = difference;
    }
  return largest;
}

describe('stems', () => {
  test('are files of their own for every part that sounds, as long as the mix', async () => {
    const { result, renderFolder, mix, stems } = await render({});
    expect(result.stems.map(({ part, name }) => [part, name])).toEqual([
      [0, 'Part 1'],
      [1, 'Part 2'],
      [2, 'Part 3'],
    ]);
    expect(readdirSync(renderFolder).sort()).toEqual([
      'mix.wav',
      'stem-00.wav',
      'stem-01.wav',
      'stem-02.wav',
      'waveform.json',
    ]);
    for (const stem of stems) expect(stem[0]).toHaveLength(mix[0]!.length);
  });

  test.each([
    ['as they are', {}],
    [
      'with linear effects on the master',
      {
        master: {
          effects: [
            { type: 'reverb', mix: 0.4 },
            { type: 'gain', gainDb: -2 },
          ],
        },
      },
    ],
    ['in mono', { channels: 1 }],
    ['faded out', { tail: 'exact' }],
    ['in a loop', { tail: 'loop' }],
    ['in a range', { range: { startSeconds: 0.7, endSeconds: 1.9 } }],
  ] as const)('sum to the mix, reverb and chorus included: %s', async (_, options) => {
    const { mix, stems } = await render(options as RenderOptionsInput);
    expect(mix[0]!.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
    expect(residue(mix, stems)).toBeLessThan(1e-6);
  });

  test('have the gain of the mix, so that they sum to a normalised master too', async () => {
    const { result, mix, stems } = await render({ bitDepth: 24 }, false);
    expect(Math.abs(result.gainDb)).toBeGreaterThan(0.1);
    expect(result.audio.peakDbtp).toBeCloseTo(-0.1, 6);
    expect(residue(mix, stems)).toBeLessThan(3 * 2 ** -23);
  });

  test('are without the effects of a master that compresses', async () => {
    const effects = [{ type: 'compressor' as const, thresholdDb: -40, ratio: 10 }];
    // Cut off while it sounds, both times: a compressed mix falls silent at another time.
    const plain = await render({ tail: 'exact' });
    const compressed = await render({ tail: 'exact', master: { effects } });
    expect(residue(plain.mix, [compressed.mix])).toBeGreaterThan(0.01);
    expect(residue(plain.mix, compressed.stems)).toBeLessThan(1e-6);
  });

  test('follow mute and solo as the mix does', async () => {
    const muted = await render({}, true, [{ mute: true }]);
    expect(muted.result.stems.map(({ part }) => part)).toEqual([1, 2]);
    const solo = await render({}, true, [{}, { solo: true }]);
    expect(solo.result.stems.map(({ part }) => part)).toEqual([1]);
    expect(residue(solo.mix, solo.stems)).toBe(0);
  });

  test('do not change the mix', async () => {
    const { mix } = await render({});
    const { mix: alone } = await render({ stems: false });
    expect(residue(mix, [alone])).toBeLessThan(1e-6);
  });
});
