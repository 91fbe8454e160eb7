import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type acceptedSamplesSchema,
  capacitySchema,
  type deliveryListSchema,
  type instrumentListSchema,
  limitsSchema,
  problemSchema,
  type samplesListSchema,
  type scoreReportSchema,
  type soundFontListSchema,
} from '@musistrata/api';
import {
  type Delivery,
  type ListedFont,
  type ListedInstrument,
  type ListedSamples,
  MusistrataClient,
  MusistrataError,
  type PartReport,
  type ProblemDocument,
  type RenderEvent,
  type ScoreReport,
  type ServerCapacity,
  type ServerLimits,
  type UploadedSamples,
} from '@musistrata/client';
import type { z } from 'zod';
import { type RunningApi, song, startApi } from '../api/start-api.js';
import { audioBytes, startStation } from '../api/start-station.js';
import { useTestRedis } from '../redis/test-redis.js';
import { cuttingProxy } from './cutting-proxy.js';

const redis = useTestRedis('client');
let api: RunningApi;
let client: MusistrataClient;
let velocity = 1;

beforeAll(async () => {
  api = await startApi(redis);
  await startStation(redis, api);
  client = new MusistrataClient({ baseUrl: api.url });
});

/** A song that no test has sent before: equal ones share a render. */
const freshSong = () => JSON.parse(song(velocity++));
const freshBytes = () => new TextEncoder().encode(song(velocity++));
const comment = (text: string) => ({ tags: { comment: text } });

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the client with the real service', () => {
  test('renders a song with stems and fetches every file whole', async () => {
    const render = await client.render(freshSong(), { options: { stems: true }, metadata: { take: '7' } });
    expect(render).toMatchObject({ status: 'succeeded', metadata: { take: '7' }, score: { format: 'musistrata' } });
    const audio = await client.audio(render.id);
    expect(audio.sha256).toBe(createHash('sha256').update(audioBytes).digest('hex'));
    expect((await bytesOf(await audio.stream())).equals(audioBytes)).toBe(true);
    expect((await audio.blob()).size).toBe(audioBytes.length);
    const stems = await client.stems(render);
    expect(stems.map(({ part, name }) => [part, name])).toEqual([
      [0, 'Lead'],
      [1, 'Bass / left: "low"'],
    ]);
    expect((await bytesOf(await stems[1]!.file.stream())).equals(audioBytes.subarray(1000))).toBe(true);
    const archive = await bytesOf(await client.stemsArchive(render.id).stream());
    expect(archive.toString('latin1', 0, 2)).toBe('PK');
  });

  test('a file can be read from the middle on', async () => {
    const { id } = await client.render(freshSong());
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await client.audio(id)).chunks({ from: 99_990 })) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(audioBytes.subarray(99_990))).toBe(true);
  });

  test('a download over a network that breaks three times is whole', async () => {
    const { id } = await client.render(freshSong());
    const proxy = await cuttingProxy(api.url, { cuts: 3, bytes: 30_000 });
    try {
      const far = new MusistrataClient({ baseUrl: proxy.url });
      const blob = await (await far.audio(id)).blob();
      expect(Buffer.from(await blob.arrayBuffer()).equals(audioBytes)).toBe(true);
      expect(proxy.cuts).toBe(3);
    } finally {
      await proxy.close();
    }
  });

  test('pages of another origin see every header that a resumed download needs', async () => {
    const origin = 'https://player.example';
    const open = await startApi(redis, { CORS_ORIGINS: origin });
    const { headers } = await fetch(`${open.url}/v1/limits`, { headers: { origin } });
    const exposed = headers.get('access-control-expose-headers')?.toLowerCase().split(/,\s*/);
    expect(exposed).toEqual(expect.arrayContaining(['etag', 'content-range', 'retry-after']));
    const preflight = await fetch(`${open.url}/v1/renders/r1/audio`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,if-range,range,last-event-id,idempotency-key',
      },
    });
    const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase();
    for (const name of ['authorization', 'if-range', 'range', 'last-event-id', 'idempotency-key'])
      expect(allowed).toContain(name);
  });

  test('takes bytes with their options as a form, and reports progress', async () => {
    const fractions: number[] = [];
    const render = await client.render(
      { bytes: freshBytes(), contentType: 'application/json', fileName: 'my song.json' },
      { options: comment('steps'), onUpdate: ({ progress }) => fractions.push(progress.fraction) },
    );
    expect(render.options.tags.comment).toBe('steps');
    expect(render.warnings).toContainEqual({ code: 'test-warning', message: 'Take care.' });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.filter((fraction) => fraction > 0 && fraction < 1).length).toBeGreaterThan(0);
    expect(fractions.at(-1)).toBe(1);
  });

  test('tells events to their end, and again after it', async () => {
    const { id } = await client.submit(freshSong(), { options: comment('steps') });
    const events: RenderEvent[] = [];
    for await (const event of client.events(id)) events.push(event);
    expect(events[0]?.type).toBe('status');
    expect(events.some(({ type }) => type === 'progress')).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'done', render: { status: 'succeeded' } });
    const rest: RenderEvent[] = [];
    for await (const event of client.events(id, { lastEventId: events.at(-1)?.id ?? 'none' })) rest.push(event);
    expect(rest).toEqual([]);
  });

  test('a second submission under the same key is the first', async () => {
    const score = freshSong();
    const first = await client.submit(score, { idempotencyKey: 'once' });
    expect((await client.submit(score, { idempotencyKey: 'once' })).id).toBe(first.id);
    await expect(client.submit(freshSong(), { idempotencyKey: 'once' })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
      status: 422,
    });
  });

  test('aborting a render stops it at the service', async () => {
    const control = new AbortController();
    let id = '';
    const onUpdate = (render: { id: string; status: string }) => {
      id = render.id;
      if (render.status === 'rendering') control.abort();
    };
    await expect(
      client.render(freshSong(), { options: comment('slow'), signal: control.signal, onUpdate }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect((await client.wait(id)).status).toBe('canceled');
    await expect(client.audio(id)).rejects.toMatchObject({ code: 'render-canceled' });
  });

  test('what is unfinished has no audio; canceling twice deletes, and deleting again does nothing', async () => {
    const { id } = await client.submit(freshSong(), { options: comment('slow') });
    await expect(client.audio(id)).rejects.toMatchObject({ code: 'render-unfinished' });
    await client.cancel(id);
    await client.cancel(id);
    await client.cancel(id);
    await expect(client.get(id)).rejects.toMatchObject({ status: 410, code: 'render-gone' });
  });

  test('a score that the worker refuses rejects with its reason', async () => {
    await expect(client.render(freshSong(), { options: comment('refuse') })).rejects.toMatchObject({
      code: 'render-failed',
      message: expect.stringContaining('Kazoo of Doom'),
    });
  });

  test('refusals say everything that is wrong at once', async () => {
    const bad = { ...freshSong(), Tempo: 0 };
    bad.Tracks[0].Bars[0].SoundEvents[0].Velocity = 500;
    await expect(client.submit(bad)).rejects.toMatchObject({
      code: 'score-invalid',
      status: 422,
      errors: [{ pointer: '/score/Tempo' }, { pointer: '/score/Tracks/0/Bars/0/SoundEvents/0/Velocity' }],
      problem: { requestId: expect.any(String) },
    });
  });

  test('lists what it has made, newest first', async () => {
    const { id } = await client.render(freshSong());
    const ids: string[] = [];
    for await (const render of client.list({ status: 'succeeded', pageSize: 2 })) ids.push(render.id);
    expect(ids[0]).toBe(id);
    expect(ids.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

/** A type as it comes out of JSON, where nothing is undefined. */
type Json<T> = T extends (infer Item)[]
  ? Json<Item>[]
  : T extends object
    ? { [Name in keyof T]: Json<Exclude<T[Name], undefined>> }
    : T;
/** Never, and so refused by the compiler below, unless the service sends what the client promises, no member less and none more. */
type Promised<Sent, Client> =
  Json<Sent> extends Client ? (Exclude<keyof Sent, keyof Client> extends never ? Client : never) : never;
type Limits = Promised<z.output<typeof limitsSchema>, ServerLimits>;
type Capacity = Promised<z.output<typeof capacitySchema>, ServerCapacity>;
type Report = Promised<z.output<typeof scoreReportSchema>, ScoreReport>;
type Part = Promised<z.output<typeof scoreReportSchema>['parts'][number], PartReport>;
type Instrument = Promised<z.output<typeof instrumentListSchema>['instruments'][number], ListedInstrument>;
type Font = Promised<z.output<typeof soundFontListSchema>['soundFonts'][number], ListedFont>;
type Samples = Promised<z.output<typeof samplesListSchema>['samples'][number], ListedSamples>;
type Uploaded = Promised<z.output<typeof acceptedSamplesSchema>, UploadedSamples>;
type Problem = Promised<z.output<typeof problemSchema>, ProblemDocument>;
type Attempt = Promised<z.output<typeof deliveryListSchema>['deliveries'][number], Delivery>;

describe('the types of the client', () => {
  test('are those of the service: limits, reports, instruments, fonts, deliveries, problems', async () => {
    const capacity: Capacity = await client.capacity();
    expect(capacitySchema.parse(capacity)).toEqual(capacity);
    const limits: Limits = await client.limits();
    expect(limitsSchema.parse(limits)).toEqual(limits);
    const report: Report = await client.parseScore(freshSong(), { options: { sampleRate: 48000 } });
    expect(report).toMatchObject({ options: { sampleRate: 48000 }, parts: [{ name: 'Lead', lowestKey: 60 }] });
    const part: Part | undefined = report.parts[0];
    expect(part?.sound?.kind).toBe('soundfont');
    const instruments: readonly Instrument[] = await client.instruments({ search: 'violin' });
    expect(instruments).toContainEqual(expect.objectContaining({ name: 'Violin', kind: 'soundfont' }));
    const fonts: readonly Font[] = await client.soundFonts();
    expect(fonts.filter((font) => font.default)).toHaveLength(1);
    const samples: readonly Samples[] = await client.samples();
    expect(samples).toEqual([]);
    const uploading: Promise<Uploaded> = client.uploadSamples('Harp', new Uint8Array(1));
    await expect(uploading).rejects.toMatchObject({ code: 'uploads-off' });
    const { id } = await client.submit(freshSong());
    const deliveries: readonly Attempt[] = await client.deliveries(id);
    expect(deliveries).toEqual([]);
    const error = await client.get('nobody').catch((caught: MusistrataError) => caught);
    const problem: Problem | null = error instanceof MusistrataError ? error.problem : null;
    expect(problemSchema.parse(problem)).toEqual(problem);
  });

  test('leave no operation of the service out but pages, probes and uploads', async () => {
    const answer = await fetch(`${api.url}/openapi.json`);
    const { paths } = (await answer.json()) as { paths: Record<string, Record<string, { operationId: string }>> };
    const operations = Object.entries(paths)
      .filter(([path]) => path.startsWith('/v1/'))
      .flatMap(([, methods]) => Object.values(methods).map(({ operationId }) => operationId));
    const without = operations.filter((id) => !(id in methodOf) || !(methodOf[id as keyof typeof methodOf] in client));
    expect(without.toSorted()).toEqual(['getCapacity', 'uploadSoundFont']);
  });
});

const methodOf = {
  createRender: 'submit',
  listRenders: 'list',
  getRender: 'get',
  deleteRender: 'cancel',
  watchRender: 'events',
  getRenderAudio: 'audio',
  listRenderStems: 'stems',
  getRenderStem: 'stems',
  getRenderStemsZip: 'stemsArchive',
  getRenderTiming: 'timing',
  getRenderPeaks: 'peaks',
  getRenderMidi: 'midi',
  listDeliveries: 'deliveries',
  inspectScore: 'parseScore',
  listInstruments: 'instruments',
  listSoundFonts: 'soundFonts',
  deleteSoundFont: 'removeSoundFont',
  listSamples: 'samples',
  uploadSamples: 'uploadSamples',
  deleteSamples: 'removeSamples',
  getLimits: 'limits',
} as const;
