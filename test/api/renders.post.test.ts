import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from './start-api.js';

const redis = useTestRedis('api-post');
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis, { MAX_BODY_BYTES: '200000', MAX_OUTPUT_BYTES: '50000000' });
});

const json = { 'Content-Type': 'application/json' };
type Body = string | Uint8Array<ArrayBuffer> | FormData;

const post = (body: Body, headers: Record<string, string> = json, query = '') =>
  ask(`${api.url}/v1/renders${query}`, { method: 'POST', body, headers });

/** One bar of a MIDI file: format 0, 96 ticks to the beat, one note of a beat. */
const midi = Buffer.from(
  '4d546864000000060000000100604d54726b00000014' + '00ff510307a120' + '00903c40' + '60803c40' + '00ff2f00' + '00',
  'hex',
).subarray(0, -1);

describe('POST /v1/renders', () => {
  test('must 202 with Location, Retry-After and the queued render', async () => {
    const { status, headers, body } = await post(song());
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/renders/${String(body.id)}`);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(body).toMatchObject({
      status: 'queued',
      score: { format: 'musistrata', partCount: 1, noteCount: 1 },
      options: { format: 'wav', sampleRate: 44100, master: { normalize: 'peak' } },
      audio: null,
      error: null,
    });
  });

  test('must take options, metadata and a song in one JSON body', async () => {
    const { status, body } = await post(
      JSON.stringify({
        score: JSON.parse(song()),
        options: { format: 'flac', master: { normalize: 'none' } },
        metadata: { project: 'x' },
      }),
    );
    expect(status).toBe(202);
    expect(body).toMatchObject({
      options: { format: 'flac', master: { normalize: 'none' } },
      metadata: { project: 'x' },
    });
  });

  test.each(['audio/midi', 'application/octet-stream', 'application/x-www-form-urlencoded', 'text/plain'])(
    'must know a MIDI file sent as %s by its bytes',
    async (type) => {
      const { status, body } = await post(midi, { 'Content-Type': type });
      expect(status).toBe(202);
      expect(body).toMatchObject({ score: { format: 'midi', noteCount: 1 } });
    },
  );

  test('must warn of the same place in a song, however the song was sent: as the finished render will', async () => {
    const odd = { ...(JSON.parse(song(13)) as object), Nonsense: 1 };
    const warnings = [{ code: 'ignored-key', message: expect.any(String), pointer: '/Nonsense' }];
    expect((await post(JSON.stringify(odd))).body).toMatchObject({ warnings });
    expect((await post(JSON.stringify({ score: odd }))).body).toMatchObject({ warnings });
    const report = await ask(`${api.url}/v1/scores`, {
      method: 'POST',
      body: JSON.stringify({ score: odd }),
      headers: json,
    });
    expect(report.body).toMatchObject({ warnings });
  });

  test('must take a MIDI file in base64 inside JSON', async () => {
    const { status, body } = await post(JSON.stringify({ score: midi.toString('base64') }));
    expect(status).toBe(202);
    expect(body).toMatchObject({ score: { format: 'midi' } });
  });

  test('must take a form with a file, options as JSON and single options as fields', async () => {
    const form = new FormData();
    form.set('score', new Blob([midi]), 'tune.mid');
    form.set('options', JSON.stringify({ sampleRate: 48000 }));
    form.set('format', 'flac');
    form.set('master.normalize', 'none');
    const { status, body } = await post(form, {});
    expect(status).toBe(202);
    expect(body).toMatchObject({
      score: { format: 'midi' },
      options: { sampleRate: 48000, format: 'flac', master: { normalize: 'none' } },
    });
  });

  test('must take options from the query, and there they win', async () => {
    const wrapped = JSON.stringify({ score: JSON.parse(song()), options: { format: 'flac', bitDepth: 16 } });
    const { status, body } = await post(wrapped, json, '?format=wav&master.peakDb=-3&tags.title=1984&stems=true');
    expect(status).toBe(202);
    expect(body).toMatchObject({
      options: { format: 'wav', bitDepth: 16, master: { peakDb: -3 }, tags: { title: '1984' }, stems: true },
    });
  });

  test.each<[string, (body: Buffer) => Buffer<ArrayBuffer>]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('must inflate a body in %s', async (encoding, compress) => {
    const { status } = await post(compress(Buffer.from(song())), { ...json, 'Content-Encoding': encoding });
    expect(status).toBe(202);
  });

  test('must give the same render again for an Idempotency-Key, and 422 for another body with it', async () => {
    const headers = { ...json, 'Idempotency-Key': 'order-17' };
    const first = await post(song(50), headers);
    const second = await post(song(50), headers);
    expect(second.body.id).toBe(first.body.id);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const other = await post(song(51), headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  test('must 202 with the unfinished render when Prefer: wait runs out', async () => {
    const { status, headers, body } = await post(song(33), { ...json, Prefer: 'wait=1' });
    expect(status).toBe(202);
    expect(headers.get('preference-applied')).toBeNull();
    expect(body.status).toBe('queued');
  });

  test.each<[string, Body, Record<string, string>, string, number, string]>([
    ['the body is empty', '', json, '', 400, 'body-missing'],
    ['the JSON breaks off', '{"Tempo": 60, ', json, '', 400, 'malformed-json'],
    ['the MIDI file breaks off in its header', midi.subarray(0, 9), {}, '', 400, 'score-unreadable'],
    ['a form has no boundary', 'x', { 'Content-Type': 'multipart/form-data' }, '', 400, 'malformed-multipart'],
    ['a form has no file', formWith(['format', 'wav']), {}, '', 400, 'body-missing'],
    ['the gzip is none', 'hello', { ...json, 'Content-Encoding': 'gzip' }, '', 400, 'malformed-encoding'],
    ['Cancel-After is no time', song(), { ...json, 'Cancel-After': 'soon' }, '', 400, 'parameters-invalid'],
    ['the encoding is unknown', song(), { ...json, 'Content-Encoding': 'zstd' }, '', 415, 'encoding-unsupported'],
    ['the format is unknown', 'hello', { 'Content-Type': 'image/png' }, '', 415, 'score-format-unknown'],
    ['the body is too large', Buffer.alloc(200_001), json, '', 413, 'body-too-large'],
    [
      'the inflated body is too large',
      gzipSync(Buffer.alloc(2_000_000)),
      { ...json, 'Content-Encoding': 'gzip' },
      '',
      413,
      'body-too-large',
    ],
    ['an option is unknown', song(), json, '?loud=yes', 422, 'options-invalid'],
    ['an option is given twice', song(), json, '?seed=1&seed=2', 422, 'options-invalid'],
    ['a member is unknown', `{"score":${song()},"opions":{}}`, json, '', 422, 'request-invalid'],
    ['the audio would be too large', song(), json, '?tail=60&sampleRate=192000&bitDepth=32', 413, 'output-too-large'],
  ])('must answer as documented if %s', async (_title, body, headers, query, status, code) => {
    const answer = await post(body, headers, query);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code, status, instance: '/v1/renders', type: `/docs/errors#${code}` });
  });

  test('must list everything that is wrong at once, each at its place', async () => {
    const broken = {
      score: { Tempo: -1, Tracks: [{ Bars: [{ SoundEvents: [{ Note: { Name: 'H', Octave: 5 }, Velocity: 500 }] }] }] },
      options: { sampleRate: 5, master: { normalize: 'loud' }, colour: 'red' },
      metadata: { a: 1 },
      webhook: { url: 'ftp://x' },
    };
    const { status, body } = await post(JSON.stringify(broken), json, '?bitDepth=17');
    expect(status).toBe(422);
    const places = (body.errors as { pointer?: string; parameter?: string }[]).map((e) => e.pointer ?? e.parameter);
    expect(new Set(places)).toEqual(
      new Set([
        '/options/sampleRate',
        '/options/master/normalize',
        '/options/colour',
        'bitDepth',
        '/metadata/a',
        '/webhook/url',
        '/score/Tempo',
        '/score/Tracks/0/Bars/0/SoundEvents/0/Note/Name',
        '/score/Tracks/0/Bars/0/SoundEvents/0/Velocity',
      ]),
    );
  });

  test('must refuse by arithmetic what would be too large', async () => {
    const long = JSON.stringify({
      Tempo: 0.01,
      Tracks: [{ Bars: [{ SoundEvents: [{ Duration: 1e7, Note: { Name: 'C', Octave: 5 } }] }] }],
    });
    expect(await post(long)).toMatchObject({ status: 413, body: { code: 'score-too-long' } });
  });
});

function formWith(...fields: [string, string][]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.set(name, value);
  return form;
}
