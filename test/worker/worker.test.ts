import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FolderBlobStore } from '@musistrata/blob-store';
import {
  engineVersion,
  openCatalogue,
  parseScore,
  type RenderOptionsInput,
  renderOptionsSchema,
  standardCatalogue,
} from '@musistrata/render-core';
import { RenderDesk } from '@musistrata/render-queue';
import { createWorker, type RenderWorker, readConfig } from '@musistrata/worker';
import { useTestRedis } from '../redis/test-redis.js';
import { ended, until } from '../render-queue/harness/installation.js';

const redis = useTestRedis('worker');
let folder: string;
let desk: RenderDesk;
let worker: RenderWorker;

function song(instrument: string): Buffer {
  const events = [{ Beat: 0, Duration: 1, Velocity: 60, Note: { Name: 'A', Octave: 5 } }];
  return Buffer.from(
    JSON.stringify({
      Tempo: 120,
      BeatsPerBar: 2,
      Tracks: [{ Instrument: instrument, Bars: [{ SoundEvents: events }] }],
    }),
  );
}

/** As the API has it; of nothing for songs that cannot be played. */
async function soundsOf(bytes: Buffer, options: RenderOptionsInput): Promise<string> {
  const catalogue = await openCatalogue(standardCatalogue({ soundFontFolder: join(folder, 'fonts') }));
  try {
    return await catalogue.identity(await parseScore({ bytes }), renderOptionsSchema.parse(options));
  } catch {
    return 'nothing';
  }
}

async function render(bytes: Buffer, options: RenderOptionsInput = {}, sounds = '') {
  const { render: queued } = await desk.submit({
    tenant: 'test',
    bytes,
    score: {
      format: 'musistrata',
      title: null,
      durationSeconds: 1,
      partCount: 1,
      noteCount: 1,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
    options: renderOptionsSchema.parse({ sampleRate: 8000, ...options }),
    soundIdentity: sounds || (await soundsOf(bytes, options)),
  });
  return ended(desk, queued.id, 25);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'musistrata-worker-'));
  await mkdir(join(folder, 'fonts'));
  desk = redis.closing(
    await RenderDesk.open({
      redisUrl: redis.url,
      name: redis.name,
      store: new FolderBlobStore({ folder }),
      engineVersion: engineVersion(),
      onFault: () => undefined,
    }),
  );
  const config = readConfig({
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.name,
    DATA_DIR: folder,
    SOUNDFONT_DIR: join(folder, 'fonts'),
    WORKER_CONCURRENCY: '1',
    HEALTH_PORT: '0',
    LOG_LEVEL: 'silent',
    SHUTDOWN_SECONDS: '5',
  });
  worker = redis.closing(await createWorker(config));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a worker', () => {
  test('renders a song with its measures, peaks and note times', async () => {
    const made = await render(song('Default_Synth'), { stems: true });
    expect(made).toMatchObject({ status: 'succeeded', audio: { sampleRate: 8000, channels: 2, durationSeconds: 3 } });
    expect(made.audio?.peakDbtp).toBeCloseTo(-0.1, 1);
    expect(made.stems).toHaveLength(1);
    for (const name of ['audio', 'timing', 'peaks', { stem: 0 }] as const) {
      const file = await desk.openFile(made.id, name);
      const bytes = Buffer.concat(await (await file.read()).toArray());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
    }
    const timing = await desk.openFile(made.id, 'timing');
    expect(JSON.parse(Buffer.concat(await (await timing.read()).toArray()).toString())).toBeDefined();
  }, 30_000);

  test('refuses for good what no attempt can render', async () => {
    const refused = await render(song('No_Such_Instrument'));
    expect(refused).toMatchObject({ status: 'failed', error: { code: 'unknown-instrument' } });
    const broken = await render(Buffer.from('{"Tempo":'));
    expect(broken.status).toBe('failed');
    expect(broken.error?.code).not.toBe('render-failed');
  }, 30_000);

  test('keeps no audio of other sounds than those that a render was accepted with', async () => {
    for (const instrument of ['Default_Synth', 'Vibraphone'])
      expect(await render(song(instrument), {}, `an older ${instrument}`)).toMatchObject({
        status: 'failed',
        error: { code: 'sounds-changed' },
        audio: null,
      });
  }, 30_000);

  test('plays a sound font that was added while it runs', async () => {
    const { defaultSoundFont } = standardCatalogue();
    await copyFile(defaultSoundFont ?? '', join(folder, 'fonts', 'just-added.sf2'));
    expect(await render(song('Vibraphone'), { soundFont: 'just-added' })).toMatchObject({
      status: 'succeeded',
      error: null,
    });
  }, 60_000);

  test('tells Prometheus what it does, and whoever asks whether it is ready', async () => {
    const root = `http://127.0.0.1:${worker.healthPort}`;
    const metrics = await until(
      async () => (await fetch(`${root}/metrics`)).text(),
      (text) => /^musistrata_render_seconds_count\{outcome="succeeded"\} 2$/m.test(text),
    );
    expect(metrics).toMatch(/^musistrata_render_failures_total\{outcome="refused",code="unknown-instrument"\} 1$/m);
    expect(metrics).toMatch(/^musistrata_worker_slots 1$/m);
    expect(await (await fetch(`${root}/readyz`)).json()).toEqual({ status: 'ready', missing: [] });
    expect((await fetch(`${root}/livez`)).status).toBe(200);
    expect((await fetch(`${root}/../etc/passwd`)).status).toBe(404);
  });
});
