import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderBlobStore } from '@musistrata/blob-store';
import { engineVersion } from '@musistrata/render-core';
import { RefusedScoreError, type RenderJobRunner, RenderStation } from '@musistrata/render-queue';
import type { TestRedis } from '../redis/test-redis.js';
import type { RunningApi } from './start-api.js';

/** The bytes that stand for the audio of a render. */
export const audioBytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));

/**
 * Stands in for the synthesis. The option `tags.comment` says what happens: `slow` takes until it is canceled, at most 20 s; `steps` reports progress
 * for half a second; `refuse` refuses the score.
 */
const standIn: RenderJobRunner = async (job, { signal, onProgress }) => {
  const { comment } = job.options.tags;
  if (comment === 'refuse') throw new RefusedScoreError('instrument-unknown', 'There is no "Kazoo of Doom".');
  if (comment === 'slow') await sleep(20_000, undefined, { signal });
  if (comment === 'steps')
    for (let step = 1; step <= 10; step++) {
      onProgress(step * 0.6, 6);
      await sleep(50, undefined, { signal });
    }
  const file = async (name: string, bytes: Uint8Array, contentType: string) => {
    const path = join(job.outputFolder, name);
    await writeFile(path, bytes);
    return { path, contentType };
  };
  const facts = { durationSeconds: 6, sampleRate: 44100, channels: 2, bitDepth: 24, peakDbtp: -1, loudnessLufs: -20 };
  const stem = async (part: number, partName: string) => ({
    ...(await file(`stem-${part}.wav`, audioBytes.subarray(part * 1000), 'audio/wav')),
    ...facts,
    part,
    partName,
  });
  return {
    audio: { ...(await file('audio.wav', audioBytes, 'audio/wav')), ...facts },
    stems: job.options.stems ? [await stem(0, 'Lead'), await stem(1, 'Bass / left: "low"')] : null,
    timing: await file('timing.json', Buffer.from('{"notes":[]}'), 'application/json'),
    peaks: await file('peaks.json', Buffer.from('{"peaks":[]}'), 'application/json'),
    warnings: comment === 'steps' ? [{ code: 'test-warning', message: 'Take care.' }] : [],
  };
};

/** A worker for an API in this process. */
export async function startStation(redis: TestRedis, api: RunningApi): Promise<RenderStation> {
  const station = await RenderStation.open({
    redisUrl: redis.url,
    name: redis.name,
    store: new FolderBlobStore({ folder: api.folder, flush: false }),
    runner: standIn,
    engineVersion: engineVersion(),
    slots: 4,
    workFolder: join(api.folder, 'work'),
    onFault: () => undefined,
  });
  redis.closing({ close: () => station.close(0) });
  return station;
}
