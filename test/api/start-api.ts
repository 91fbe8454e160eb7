import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, readConfig } from '@musistrata/api';
import type { useTestRedis } from '../redis/test-redis.js';

export interface RunningApi {
  /** Root of its addresses, without a slash at the end. */
  readonly url: string;
  readonly folder: string;
  close(): Promise<void>;
}

/** Starts an API in this process on a free port, with a folder of its own. */
export async function startApi(
  redis: ReturnType<typeof useTestRedis>,
  environment: Record<string, string> = {},
): Promise<RunningApi> {
  const folder = await mkdtemp(join(tmpdir(), 'api-'));
  const api = await createApi(
    readConfig({
      PORT: '0',
      REDIS_URL: redis.url,
      QUEUE_PREFIX: redis.name,
      DATA_DIR: folder,
      LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
      SHUTDOWN_SECONDS: '2',
      ...environment,
    }),
  );
  const url = await api.listen();
  return redis.closing({
    url,
    folder,
    close: async () => {
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Asks and reads a JSON answer. */
export async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** A song of one note. */
export function song(velocity = 60): string {
  return JSON.stringify({
    Tempo: 60,
    BeatsPerBar: 4,
    Tracks: [
      {
        Name: 'Lead',
        Instrument: 'Acoustic Grand Piano',
        Bars: [{ SoundEvents: [{ Beat: 0, Duration: 1, Note: { Name: 'C', Octave: 5 }, Velocity: velocity }] }],
      },
    ],
  });
}
