import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RenderCanceledError, type RenderProgress, renderPerformance } from '@musistrata/render-core';
import { output } from '../audio/programs.js';
import { readWav } from '../audio/read-wav.js';
import { note, optionsOf, performanceOf, rawOptions, resolve, SineSource } from './sine-source.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'render-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const score = performanceOf(4, [[note(0, 1), note(2, 1, 81)], [note(1, 1, 57)]]);

describe('renderPerformance', () => {
  test('puts every note where and as loud as the score says', async () => {
    const result = await renderPerformance(score, resolve(score, new SineSource()), rawOptions(), { folder });
    const { sampleRate, channels } = readWav(result.audio.path);
    expect(sampleRate).toBe(48000);
    expect(channels).toHaveLength(2);
    for (const samples of channels) {
      expect(samples).toHaveLength(6 * 48000);
      for (const [onset, frequency] of [
        [0, 440],
        [1, 220],
        [2, 880],
      ] as const)
        for (const at of [0, 1, 12345, 47999])
          expect(samples[onset * 48000 + at]).toBeCloseTo(0.5 * Math.sin((2 * Math.PI * frequency * at) / 48000), 6);
      expect(samples.subarray(3 * 48000).every((sample) => sample === 0)).toBe(true);
    }
  });

  test('describes the file it has written', async () => {
    const { audio } = await renderPerformance(score, resolve(score, new SineSource()), optionsOf(), { folder });
    const bytes = readFileSync(audio.path);
    expect(audio).toMatchObject({
      fileName: 'mix.wav',
      contentType: 'audio/wav',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      frames: 6 * 44100,
      durationSeconds: 6,
      sampleRate: 44100,
      channels: 2,
      bitDepth: 24,
      clippedSamples: 0,
    });
  });

  test('brings the true peak to -0.1 dBTP by default', async () => {
    const { audio, gainDb } = await renderPerformance(score, resolve(score, new SineSource()), optionsOf(), { folder });
    expect(audio.peakDbtp).toBeCloseTo(-0.1, 6);
    expect(gainDb).toBeCloseTo(-0.1 - 20 * Math.log10(0.5), 1);
    expect(readWav(audio.path).channels[0]!.reduce((peak, sample) => Math.max(peak, sample), 0)).toBeCloseTo(
      10 ** (-0.1 / 20),
      2,
    );
  });

  test('makes the mean of both channels when one is asked for', async () => {
    const parts = resolve(score, new SineSource(), [{ pan: 0 }]);
    const result = await renderPerformance(score, parts, rawOptions({ channels: 1 }), { folder });
    const { channels } = readWav(result.audio.path);
    expect(channels).toHaveLength(1);
    expect(channels[0]![12345]).toBeCloseTo(0.5 * Math.SQRT2 * 0.5 * Math.sin((2 * Math.PI * 440 * 12345) / 48000), 6);
  });

  test('gives equal bytes for equal input, dither included', async () => {
    const options = optionsOf({ bitDepth: 16 });
    const parts = resolve(score, new SineSource({ reverb: 0.3 }));
    const first = await renderPerformance(score, parts, options, { folder });
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'render-'));
    const second = await renderPerformance(score, parts, options, { folder });
    expect(second.audio.sha256).toBe(first.audio.sha256);
  });

  test.each([
    ['no parts', performanceOf(1, [])],
    ['a part without notes', performanceOf(1, [[]])],
    ['notes of velocity 0', performanceOf(1, [[note(0, 1, 60, 0)]])],
  ])('renders %s as digital silence', async (_, silent) => {
    for (const normalize of ['peak', 'loudness', 'none'] as const) {
      const silentFolder = mkdtempSync(join(folder, 'silent-'));
      const options = optionsOf({ dither: 'none', master: { normalize } });
      const { audio } = await renderPerformance(silent, resolve(silent, new SineSource()), options, {
        folder: silentFolder,
      });
      expect(audio).toMatchObject({ frames: 3 * 44100, peakDbtp: null, samplePeakDb: null, loudnessLufs: null });
      expect(readWav(audio.path).channels[0]!.every((sample) => sample === 0)).toBe(true);
    }
  });

  test('replaces what is not a number by silence and says so', async () => {
    const parts = resolve(score, new SineSource({ nanAt: 0.5, reverb: 0.5, chorus: 0.5 }));
    const { audio, warnings } = await renderPerformance(score, parts, rawOptions(), { folder });
    expect(warnings).toEqual([expect.objectContaining({ code: 'samples-not-finite' })]);
    const left = readWav(audio.path).channels[0]!;
    expect(left.every(Number.isFinite)).toBe(true);
    expect(left[100000]).not.toBe(0);
  });

  test('reports progress in seconds of audio, rising to the end of each phase', async () => {
    const seen: RenderProgress[] = [];
    await renderPerformance(score, resolve(score, new SineSource()), optionsOf(), {
      folder,
      onProgress: (progress) => seen.push(progress),
    });
    for (const phase of ['rendering', 'measuring', 'writing']) {
      const seconds = seen.filter((progress) => progress.phase === phase).map((progress) => progress.seconds);
      expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
      expect(seconds.at(-1)).toBeGreaterThanOrEqual(6);
    }
  });

  test.each(['rendering', 'measuring', 'writing'] as const)(
    'stops when canceled while %s and leaves no file behind',
    async (phase) => {
      const long = performanceOf(60, [[note(0, 1)]]);
      const source = new SineSource();
      let blocks = 0;
      let canceled = false;
      const promise = renderPerformance(long, resolve(long, source), optionsOf(), {
        folder,
        isCanceled: () => canceled,
        onProgress: (progress) => {
          if (progress.phase === phase && ++blocks === 20) canceled = true;
        },
      });
      await expect(promise).rejects.toBeInstanceOf(RenderCanceledError);
      expect(blocks).toBe(20);
      expect(readdirSync(folder)).toEqual([]);
      expect(source.closed).toBe(source.opened);
    },
  );

  test('stops when its signal is aborted from outside', async () => {
    const long = performanceOf(3600, [[note(0, 3600)]]);
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 50);
    const promise = renderPerformance(long, resolve(long, new SineSource()), optionsOf(), {
      folder,
      signal: controller.signal,
    });
    await expect(promise).rejects.toBeInstanceOf(RenderCanceledError);
    clearTimeout(timer);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('draws the wave: the extremes of equal stretches, also as a file', async () => {
    const { waveform, waveformPath, audio } = await renderPerformance(
      score,
      resolve(score, new SineSource()),
      rawOptions(),
      { folder },
    );
    const samples = readWav(audio.path).channels[0]!;
    expect(JSON.parse(readFileSync(waveformPath, 'utf8'))).toEqual(waveform);
    expect(waveform).toMatchObject({ frames: 6 * 48000, sampleRate: 48000, framesPerBucket: 144 });
    expect(waveform.minimum).toHaveLength(2000);
    for (const bucket of [0, 1, 700, 999, 1000, 1999]) {
      const stretch = samples.subarray(bucket * 144, bucket * 144 + 144);
      expect(waveform.maximum[bucket]).toBeCloseTo(Math.max(...stretch), 3);
      expect(waveform.minimum[bucket]).toBeCloseTo(Math.min(...stretch), 3);
    }
  });

  test('fails without a trace when nothing can be written', async () => {
    const source = new SineSource();
    const promise = renderPerformance(score, resolve(score, source), optionsOf(), { folder: join(folder, 'missing') });
    await expect(promise).rejects.toMatchObject({ code: 'ENOENT' });
    expect(source.closed).toBe(source.opened);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('warns when whole numbers cannot hold what was asked for', async () => {
    const parts = resolve(score, new SineSource(), [{ gainDb: 12 }]);
    const options = optionsOf({ bitDepth: 16, dither: 'none', master: { normalize: 'none' } });
    const { audio, warnings } = await renderPerformance(score, parts, options, { folder });
    expect(warnings.map(({ code }) => code)).toEqual(['clipped']);
    const { channels } = readWav(audio.path);
    const beyond = channels.reduce(
      (sum, samples) => sum + samples.filter((sample) => sample === -1 || sample === 32767 / 32768).length,
      0,
    );
    expect(Math.abs(audio.clippedSamples - beyond)).toBeLessThan(20);
  });

  test('measures a limited file as it is stored, not as it would have been', async () => {
    const parts = resolve(score, new SineSource(), [{ gainDb: 24 }]);
    const options = optionsOf({ bitDepth: 24, master: { normalize: 'none' } });
    const { audio } = await renderPerformance(score, parts, options, { folder });
    expect(audio.samplePeakDb).toBeCloseTo(0, 3);
    // Between the samples of a wave that was cut off, band-limited interpolation overshoots by the Gibbs share of its step of 2 at most: 18 %, 1.5 dB.
    expect(audio.peakDbtp).toBeGreaterThanOrEqual(0);
    expect(audio.peakDbtp).toBeLessThan(1.6);
    const report = output(
      'ffmpeg',
      '-nostats',
      '-i',
      audio.path,
      '-filter_complex',
      'ebur128=peak=true',
      '-f',
      'null',
      '-',
    );
    const found = report === null ? null : /True peak:\s+Peak: +(-?[\d.]+)/.exec(report)?.[1];
    // Without ffmpeg the bounds above have to do.
    if (report !== null) expect(Math.abs((audio.peakDbtp ?? Number.NaN) - Number(found))).toBeLessThanOrEqual(0.3);
  });

  test('reaches the loudness that was asked for under the peak that was allowed', async () => {
    const loud = performanceOf(6, [[note(0, 2), note(2, 2, 57, 20), note(4, 2, 64)]]);
    const options = optionsOf({ tail: 'exact', master: { normalize: 'loudness', loudnessLufs: -9, peakDb: -6 } });
    const { audio } = await renderPerformance(loud, resolve(loud, new SineSource()), options, { folder });
    expect(Math.abs(audio.loudnessLufs! + 9)).toBeLessThan(0.1);
    expect(audio.peakDbtp!).toBeLessThanOrEqual(-5.95);
  });

  test('leaves nothing but the result in the folder, also when mix and stems were too long for memory', async () => {
    // 16 MiB for eight signals: 5.5 s each.
    const parts = Array.from({ length: 7 }, (_, i) => [note(0, 0.1), note(9 - i, 1)]);
    const long = performanceOf(10, parts);
    const options = rawOptions({ stems: true, tail: 'exact' });
    const { audio } = await renderPerformance(long, resolve(long, new SineSource()), options, { folder });
    expect(readdirSync(folder).filter((name) => !/^(mix|stem-0[0-6])\.wav$/.test(name))).toEqual(['waveform.json']);
    const left = readWav(audio.path).channels[0]!;
    expect(left).toHaveLength(10 * 48000);
    expect(left[9 * 48000 + 12345]).toBeCloseTo(0.5 * Math.sin((2 * Math.PI * 440 * 12345) / 48000), 6);
  });
});
