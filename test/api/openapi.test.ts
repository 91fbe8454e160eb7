import { beforeAll, describe, expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { useTestRedis } from '../redis/test-redis.js';
import { oneTone, useUploadFolder } from './samples/samples-rig.js';
import { zip } from './samples/zip.js';
import { type RunningApi, song, startApi } from './start-api.js';
import { startStation } from './start-station.js';

interface Media {
  readonly schema?: object;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
}
type Document = { readonly paths: Record<string, Record<string, Operation>>; readonly components: object };

const redis = useTestRedis('api-openapi');
const uploads = useUploadFolder();
let api: RunningApi;
let document: Document;
let ajv: Ajv2020;

beforeAll(async () => {
  api = await startApi(redis, { SAMPLES_DIR: uploads.folder, SOUNDFONT_DIR: uploads.folder });
  await startStation(redis, api);
  document = (await (await fetch(`${api.url}/openapi.json`)).json()) as Document;
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'http://document/', components: document.components });
});

const validators = new Map<object, ValidateFunction>();

/** Checks an answer against what the document says of it, and gives the media type that it found. */
function check(path: string, method: string, status: number, contentType: string | null, body: unknown): string | null {
  const answer = document.paths[path]?.[method]?.responses[status];
  expect({ path, method, status, documented: answer !== undefined }).toEqual({
    path,
    method,
    status,
    documented: true,
  });
  if (contentType === null) return null;
  const type = contentType.split(';')[0]!;
  const media = answer?.content?.[type];
  expect({ path, status, type, documented: media !== undefined }).toEqual({ path, status, type, documented: true });
  const { schema } = media!;
  if (schema === undefined) return type;
  let validate = validators.get(schema);
  if (!validate) {
    const absolute = JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components/', '"http://document/#/components/'),
    ) as object;
    validate = ajv.compile(absolute);
    validators.set(schema, validate);
  }
  validate(body);
  expect({ path, status, errors: validate.errors }).toEqual({ path, status, errors: null });
  return type;
}

/** Asks, and checks the answer by the document. */
async function exchange(path: string, method = 'get', init: RequestInit & { readonly to?: string } = {}) {
  const response = await fetch(api.url + (init.to ?? path), { ...init, method: method.toUpperCase() });
  const type = response.headers.get('content-type');
  const isJson = type !== null && /json/.test(type);
  const body: unknown = isJson ? await response.json() : await response.arrayBuffer();
  check(path, method, response.status, type, body);
  return { status: response.status, body: body as Record<string, unknown> };
}

describe('the OpenAPI document', () => {
  test('must pass the strict rules of a public linter', async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  test('must have examples that are accepted as they stand', async () => {
    let sent = 0;
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, { requestBody }] of Object.entries(methods))
        for (const [type, { example }] of Object.entries(requestBody?.content ?? {})) {
          if (example === undefined) continue;
          const { status } = await exchange(path, method, {
            body: JSON.stringify(example),
            headers: { 'Content-Type': type },
          });
          expect({ path, status: status < 300 }).toEqual({ path, status: true });
          sent++;
        }
    expect(sent).toBeGreaterThanOrEqual(2);
  });

  test('must describe every answer about a render', async () => {
    const json = { 'Content-Type': 'application/json' };
    const post = (query: string, headers: Record<string, string> = {}) =>
      exchange('/v1/renders', 'post', { to: `/v1/renders${query}`, body: song(), headers: { ...json, ...headers } });
    const { body } = await post('?stems=true', { Prefer: 'wait=20' });
    const id = String(body.id);
    for (const name of ['', '/audio', '/stems', '/stems/0', '/stems.zip', '/timing', '/peaks', '/events'])
      expect([
        name,
        (await exchange(`/v1/renders/{id}${name}`.replace('/0', '/{part}'), 'get', { to: `/v1/renders/${id}${name}` }))
          .status,
      ]).toEqual([name, 200]);
    await exchange('/v1/renders');
    await exchange('/v1/renders/{id}', 'get', { to: '/v1/renders/unknown' });
    await exchange('/v1/renders/{id}/audio', 'get', {
      to: `/v1/renders/${id}/audio`,
      headers: { Range: 'bytes=99999999-' },
    });
    const slow = await post('?tags.comment=slow');
    await exchange('/v1/renders/{id}/audio', 'get', { to: `/v1/renders/${String(slow.body.id)}/audio` });
    expect((await exchange('/v1/renders/{id}', 'delete', { to: `/v1/renders/${String(slow.body.id)}` })).status).toBe(
      202,
    );
    expect((await exchange('/v1/renders/{id}', 'delete', { to: `/v1/renders/${id}` })).status).toBe(204);
    expect((await exchange('/v1/renders/{id}', 'get', { to: `/v1/renders/${id}` })).status).toBe(410);
    expect((await post('?colour=red')).status).toBe(422);
  });

  test('must describe every answer about uploads', async () => {
    const samples = (to: string, method: string, body?: Uint8Array<ArrayBuffer>) =>
      exchange(to.startsWith('/') ? '/v1/samples/{name}' : '/v1/samples', method, {
        to: `/v1/samples${to}`,
        ...(body && { body, headers: { 'Content-Type': 'application/zip' } }),
      });
    expect((await samples('?name=Tone', 'post', zip(oneTone()))).status).toBe(201);
    expect((await samples('?name=tone', 'post', zip(oneTone()))).status).toBe(409);
    expect((await samples('?name=None', 'post', zip([]))).status).toBe(422);
    expect((await samples('?name=.', 'post', zip([]))).status).toBe(400);
    expect((await samples('', 'get')).body.samples).toHaveLength(1);
    expect((await samples('/Tone', 'delete')).status).toBe(204);
    expect((await samples('/Violin', 'delete')).status).toBe(409);
    const font = (to: string) => exchange('/v1/soundfonts/{name}', 'delete', { to: `/v1/soundfonts/${to}` });
    expect((await font('Never')).status).toBe(204);
    expect((await font('sonivox')).status).toBe(409);
  });

  test.each([
    '/v1/limits',
    '/v1/capacity',
    '/livez',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/t1.wav',
    '/',
    '/docs',
    '/docs/errors',
  ])('must describe the answer of GET %s', async (path) => {
    expect((await exchange(path)).status).toBe(200);
  });

  test('must name an operation for every route, each once', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
