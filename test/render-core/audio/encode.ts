import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import type { EncoderSettings } from '@musistrata/render-core/audio/audio-encoder.js';
import { FileSink } from '@musistrata/render-core/audio/audio-sink.js';
import { createEncoder } from '@musistrata/render-core/audio/create-encoder.js';

/** A folder that is there while a test runs. */
export function temporaryFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'audio-'));
  });
  afterEach(() => rmSync(folder.path, { recursive: true, force: true }));
  return folder;
}

/** Two different decaying sines and a little noise: something for predictors and psychoacoustics to work on. */
export function testSignal(frames: number, channels: 1 | 2, sampleRate = 44100): Float32Array[] {
  let state = 1;
  const { exp, PI, sin, imul } = Math;
  const noise = () => {
    state = (imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
  return Array.from({ length: channels }, (_, channel) => {
    const step = (2 * PI * (440 + 110 * channel)) / sampleRate;
    return Float32Array.from(
      { length: frames },
      (_, i) => 0.5 * exp((-2 * (i % sampleRate)) / sampleRate) * sin(step * i) + 0.003 * noise(),
    );
  });
}

/** Writes a signal to a file as the render does. */
export async function encode(
  path: string,
  signal: readonly Float32Array[],
  settings: Partial<EncoderSettings> & Pick<EncoderSettings, 'format'>,
): Promise<{ bytes: number; sha256: string; clippedSamples: number }> {
  const frames = signal[0]!.length;
  const sink = new FileSink(path);
  const encoder = await createEncoder(sink, {
    sampleRate: 44100,
    channelCount: signal.length === 1 ? 1 : 2,
    frames,
    bitDepth: 24,
    float: false,
    dither: false,
    seed: 1,
    firstFrame: 0,
    bitrateKbps: 192,
    tags: {},
    markers: [],
    loop: false,
    ...settings,
  });
  // Blocks of odd lengths: encoders must not care.
  for (let from = 0; from < frames; from += 1000)
    encoder.write(
      signal.map((samples) => samples.subarray(from, from + 1000)),
      Math.min(1000, frames - from),
    );
  encoder.finish();
  encoder.close?.();
  return { ...sink.finish(), clippedSamples: encoder.clippedSamples };
}

/** Largest difference of two signals. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  const { abs } = Math;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = abs((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
