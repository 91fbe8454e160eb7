import { join } from 'node:path';
import { InstrumentError, readSfz, SampleCache, SampleSource } from '@musistrata/render-core';
import { type Files, useFolders } from './test-folders.js';
import { sine, wavFile } from './wav-files.js';

const RATE = 44100;
export const folder = useFolders();
export const A4 = sine(440, RATE);
export const SAMPLES: Files = {
  'a.wav': wavFile([A4, A4]),
  'mono.wav': wavFile([A4]),
  'soft.wav': wavFile([A4.map((x) => x / 4), A4.map((x) => x / 4)]),
  'looped.wav': wavFile([sine(441, 3000), sine(441, 3000)], { loop: { start: 1000, end: 2000 }, unityKey: 69 }),
  'with space.wav': wavFile([A4, A4]),
};

export async function sfz(text: string, files: Files = {}): Promise<SampleSource> {
  const path = await folder({ ...SAMPLES, ...files, 'x.sfz': text });
  return new SampleSource(await readSfz(join(path, 'x.sfz'), 'x'), new SampleCache(1e9));
}

export async function refusal(text: string, files: Files = {}): Promise<InstrumentError> {
  return sfz(text, files).then(
    () => Promise.reject(new Error('accepted')),
    (error: unknown) => {
      if (error instanceof InstrumentError) return error;
      throw error;
    },
  );
}

export const REGION = '<region> sample=a.wav pitch_keycenter=69';
export const steady = (line: Float32Array) => line.subarray(4096, 4096 + 16384);
