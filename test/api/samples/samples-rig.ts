import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { sine, wavFile } from '../../render-core/instruments/wav-files.js';
import { type Answer, ask } from '../start-api.js';
import { type ZipEntry, zip } from './zip.js';

/** A second of a sine at a frequency in Hz. */
export const tone = (frequency: number, seconds = 1): Buffer =>
  wavFile([sine(frequency, Math.round(44_100 * seconds))]);

/** A folder that holds one WAV file for key 69. */
export const oneTone = (frequency = 440): ZipEntry[] => [{ name: 'Tone_69.wav', data: tone(frequency, 0.2) }];

export const sfz = (sample: string): Buffer =>
  Buffer.from(`<region> sample=${sample} pitch_keycenter=69 ampeg_release=0.1\n`);

/** A song that plays one A (440 Hz as written) for a second. */
export function songWith(instrument: string): string {
  const note = { Beat: 0, Duration: 1, Note: { Name: 'A', Octave: 5 }, Velocity: 100 };
  const track = { Name: 'Lead', Instrument: instrument, Bars: [{ SoundEvents: [note] }] };
  return JSON.stringify({ Tempo: 60, BeatsPerBar: 4, Tracks: [track] });
}

export function submit(url: string, instrument: string, query = ''): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json', Prefer: 'wait=30' };
  return ask(`${url}/v1/renders${query}`, { method: 'POST', body: songWith(instrument), headers });
}

/** A folder for the uploads of one test file. */
export function useUploadFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'uploads-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    /** Everything in it but for the empty folder that uploads pass through. */
    async files(): Promise<string[]> {
      return (await readdir(folder, { recursive: true })).filter((name) => name !== '.incoming').sort();
    },
  };
}

export function upload(
  url: string,
  name: string,
  archive: readonly ZipEntry[] | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return ask(`${url}/v1/samples?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body: archive instanceof Uint8Array ? archive : zip(archive),
    headers: { 'Content-Type': 'application/zip', ...headers },
  });
}

export const remove = (url: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(`${url}${path}`, { method: 'DELETE', headers });
