import { expect } from '@jest/globals';
import { loadSoundFont, SoundFontError } from '@musistrata/render-core';
import { constantSample, type FontZone, makeFont, sineSample } from './make-font.js';
export const range = (low: number, high: number) => low | (high << 8);

/** Two presets, two instruments, two samples, one zone each. */
export function font(zone: Partial<FontZone> = {}): Uint8Array {
  return makeFont({
    samples: [constantSample(0.5), sineSample(441, 0.02)],
    instruments: [[{ target: 0, ...zone }], [{ target: 1 }]],
    presets: [
      { program: 5, zones: [{ target: 0 }] },
      { program: 2, zones: [{ target: 1 }] },
    ],
  });
}

export const bankOf = async (bytes: Uint8Array) => (await loadSoundFont(bytes)).share().bank;

export async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await loadSoundFont(bytes).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SoundFontError);
  return (error as SoundFontError).code;
}
