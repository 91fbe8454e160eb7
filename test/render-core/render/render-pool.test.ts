import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  RefusedError,
  RenderCanceledError,
  type RenderJob,
  RenderPool,
  renderOptionsSchema,
  standardCatalogue,
} from '@musistrata/render-core';

/** A chord of strings and a synthesizer voice per beat. */
function song(bars: number, instrument = 'String Ensemble 1'): Uint8Array {
  const bar = {
    SoundEvents: [0, 1, 2, 3].flatMap((beat) =>
      ['C', 'E', 'G'].map((name, index) => ({ Beat: beat, Duration: 1, Note: { Name: name, Octave: 4 + index } })),
    ),
  };
  const tracks = [instrument, 'Default_Synth', 'Acoustic Grand Piano'].map((name) => ({
    Instrument: name,
    Bars: Array.from({ length: bars }, () => bar),
  }));
  return Buffer.from(JSON.stringify({ Tempo: 120, Tracks: tracks }));
}

describe('render pool', () => {
  let pool: RenderPool;
  const folders: string[] = [];

  beforeAll(async () => {
    pool = new RenderPool({ threads: 2, catalogue: standardCatalogue() });
    await pool.ready();
  });

  afterAll(async () => {
    await pool.close();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  async function job(bytes: Uint8Array, options: object = {}): Promise<RenderJob> {
    const outputFolder = await mkdtemp(join(tmpdir(), 'pool-'));
    folders.push(outputFolder);
    return { bytes, options: renderOptionsSchema.parse(options), outputFolder };
  }

  test('gives equal bytes in every thread, however many work at once', async () => {
    const jobs = await Promise.all(Array.from({ length: 5 }, () => job(song(2), { stems: true })));
    const rendered = await Promise.all(jobs.map((each) => pool.run(each)));
    const digests = new Set(rendered.map(({ audio }) => audio.sha256));
    expect(digests.size).toBe(1);
    const file = await readFile(rendered[0]!.audio.path);
    expect(createHash('sha256').update(file).digest('hex')).toBe([...digests][0]);
    expect(rendered[0]!.stems).toHaveLength(3);
  });

  test('tells progress up to the whole length', async () => {
    const told: [number, number][] = [];
    const rendered = await pool.run(await job(song(12)), { onProgress: (done, total) => told.push([done, total]) });
    expect(told.length).toBeGreaterThan(0);
    for (const [done, total] of told) {
      expect(done).toBeLessThanOrEqual(total + 1);
      expect(total).toBeCloseTo(rendered.audio.durationSeconds, 0);
    }
  });

  test('stops a render in the middle, leaves no audio, and the thread takes the next job', async () => {
    const long = await job(song(2000), { quality: 'high' });
    const controller = new AbortController();
    const run = pool.run(long, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(run).rejects.toBeInstanceOf(RenderCanceledError);
    const files = existsSync(long.outputFolder) ? await readdir(long.outputFolder) : [];
    expect(files.filter((name) => name.endsWith('.wav'))).toEqual([]);
    await expect(pool.run(await job(song(1)))).resolves.toMatchObject({ audio: { sampleRate: 44100 } });
  });

  test('rejects a job that waits for a thread as soon as it is canceled', async () => {
    const controller = new AbortController();
    const busy = [await job(song(200)), await job(song(200))].map((each) =>
      pool.run(each, { signal: controller.signal }),
    );
    const waiting = new AbortController();
    const third = pool.run(await job(song(1)), { signal: waiting.signal });
    waiting.abort();
    await expect(third).rejects.toBeInstanceOf(RenderCanceledError);
    controller.abort();
    for (const { reason } of (await Promise.allSettled(busy)) as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(RenderCanceledError);
    }
  });

  test('refuses what can never be rendered with code and places', async () => {
    const refused = await pool.run(await job(song(1, 'Kazooo'))).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(refused).toMatchObject({
      code: 'unknown-instrument',
      status: 422,
      errors: [{ pointer: '/Tracks/0/Instrument' }],
    });
    const unreadable = await pool.run(await job(Buffer.from('{"Tracks":'))).catch((error: unknown) => error);
    expect(unreadable).toMatchObject({ code: 'score-unreadable', status: 400 });
  });
});
