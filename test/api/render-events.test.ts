import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from './start-api.js';
import { startStation } from './start-station.js';

const redis = useTestRedis('api-events');
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis);
  await startStation(redis, api);
});

interface SentEvent {
  readonly event: string;
  readonly id: string | null;
  readonly data: Record<string, unknown>;
}

/** Reads a stream of events to its end. */
async function eventsOf(response: Response): Promise<SentEvent[]> {
  const text = await response.text();
  return text.split('\n\n').flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
    const event = field('event');
    return event === null
      ? []
      : [{ event, id: field('id'), data: JSON.parse(field('data') ?? '{}') as Record<string, unknown> }];
  });
}

let velocity = 0;
const submit = async (comment: string) => {
  const { body } = await ask(`${api.url}/v1/renders?tags.comment=${comment}`, {
    method: 'POST',
    body: song(++velocity),
    headers: { 'Content-Type': 'application/json' },
  });
  return String(body.id);
};
const watch = (id: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/v1/renders/${id}/events`, { headers });

describe('GET /v1/renders/{id}/events', () => {
  test('must tell status, growing progress, warnings and the end, then end itself', async () => {
    const response = await watch(await submit('steps'));
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = await eventsOf(response);
    expect(events[0]).toMatchObject({ event: 'status' });
    expect(events.at(-1)).toMatchObject({
      event: 'done',
      id: 'end',
      data: { status: 'succeeded', audio: { bytes: 100_000 } },
    });
    const rendered = events.filter(({ event }) => event === 'progress').map(({ data }) => Number(data.renderedSeconds));
    expect(rendered.length).toBeGreaterThan(0);
    expect(rendered).toEqual(rendered.toSorted((a, b) => a - b));
    expect(events.filter(({ event }) => event === 'warning')).toMatchObject([{ data: { code: 'test-warning' } }]);
  });

  test('must tell the end at once if it has come already', async () => {
    const id = await submit('quick');
    await ask(`${api.url}/v1/renders/${id}?wait=20`);
    expect((await eventsOf(await watch(id))).map(({ event }) => event)).toEqual(['done']);
  });

  test('must 204 for a client that has had the end, so that it stays away', async () => {
    const id = await submit('quick');
    await ask(`${api.url}/v1/renders/${id}?wait=20`);
    expect((await watch(id, { 'Last-Event-ID': 'end' })).status).toBe(204);
  });

  test('must go on for a client that comes back with Last-Event-ID', async () => {
    const id = await submit('steps');
    const first = await eventsOf(await watch(id));
    const seen = first.find((event) => event.id !== null && event.id !== 'end');
    expect(seen).toBeDefined();
    const again = await eventsOf(await watch(id, { 'Last-Event-ID': seen!.id! }));
    expect(again.at(-1)).toMatchObject({ event: 'done' });
  });

  test.each(['', 'yesterday', '17-', '-1'])(
    'must begin anew for a client that names %j, which no event had',
    async (name) => {
      const id = await submit('slow');
      const response = await watch(id, { 'Last-Event-ID': name });
      const text = response.text();
      await ask(`${api.url}/v1/renders/${id}`, { method: 'DELETE' });
      const told: string[] = (await text).match(/^event: \w+$/gm) ?? [];
      // It may begin between the first word of it and its end.
      expect(told[0]).toBe('event: status');
      expect(told.indexOf('event: done')).toBe(told.length - 1);
    },
  );

  test('must tell five hundred watchers of one render', async () => {
    const id = await submit('steps');
    const all = await Promise.all(Array.from({ length: 500 }, async () => eventsOf(await watch(id))));
    expect(all.every((events) => events.at(-1)?.event === 'done')).toBe(true);
  });

  test('must tell a watcher that the render was canceled', async () => {
    const id = await submit('slow');
    const watching = watch(id).then(eventsOf);
    await ask(`${api.url}/v1/renders/${id}`, { method: 'DELETE' });
    expect((await watching).at(-1)).toMatchObject({ event: 'done', data: { status: 'canceled' } });
  });

  test('must 404 for a render that never was', async () => {
    expect(await ask(`${api.url}/v1/renders/01k00000000000000000000000/events`)).toMatchObject({
      status: 404,
      body: { code: 'render-not-found' },
    });
  });
});
