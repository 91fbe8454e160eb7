import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { MusistrataClient, type RenderEvent } from '@musistrata/client';
import {
  answerJson,
  answerProblem,
  render,
  type Script,
  type ScriptedService,
  scriptedService,
} from './scripted-service.js';

let service: ScriptedService;
afterEach(() => service.close());

async function clientOf(script: Script) {
  service = await scriptedService(script);
  return new MusistrataClient({ baseUrl: service.baseUrl });
}

const frame = (event: string, data: unknown, id?: string) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

function openEvents(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.write('retry: 2000\n\n: \n\n');
}

const done = render({ status: 'succeeded', finishedAt: '2026-01-01T00:00:05.000Z' });
const progress = { renderedSeconds: 4, totalSeconds: 10, fraction: 0.4, queuePosition: null, estimatedSeconds: 3 };

test('events are told as they come, a broken stream is taken up after the last one, and done ends it', async () => {
  const client = await clientOf((response, _request, index) => {
    openEvents(response);
    if (index === 0) {
      const text = frame('status', render({ status: 'rendering' }), '1-0') + frame('progress', progress, '2-0');
      // Torn in the middle of an event: the half that came must not be told.
      response.write(`${text}event: progress\ndata: {"rendered`, () => response.destroy());
    } else
      response.end(
        frame('warning', { code: 'w', message: 'm' }) + frame('later-kind', {}) + frame('done', done, 'end'),
      );
  });
  const events: RenderEvent[] = [];
  for await (const event of client.events('r1')) events.push(event);
  expect(events.map(({ type, id }) => [type, id])).toEqual([
    ['status', '1-0'],
    ['progress', '2-0'],
    ['warning', null],
    ['done', 'end'],
  ]);
  expect(service.seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2-0']);
});

test('a character that falls on the border of two packets arrives whole', async () => {
  const bytes = Buffer.from(frame('done', { ...done, score: { ...done.score, title: 'Übung' } }));
  const middle = bytes.indexOf(0xc3) + 1;
  const client = await clientOf((response) => {
    openEvents(response);
    response.write(bytes.subarray(0, middle), () => setTimeout(() => response.end(bytes.subarray(middle)), 20));
  });
  for await (const event of client.events('r1'))
    expect(event.type === 'done' && event.render.score.title).toBe('Übung');
  expect.assertions(1);
});

test('a stream that is over already ends at once', async () => {
  const client = await clientOf((response) => response.writeHead(204).end());
  for await (const event of client.events('r1', { lastEventId: 'end' })) expect(event).toBeUndefined();
  expect(service.seen[0]?.headers['last-event-id']).toBe('end');
});

test('waiting asks again until the render has ended', async () => {
  const client = await clientOf((response, _request, index) => answerJson(response, 200, index < 2 ? render() : done));
  expect((await client.wait('r1')).status).toBe('succeeded');
  expect(service.seen.map(({ url }) => url)).toEqual(Array(3).fill('/v1/renders/r1?wait=30'));
});

test('waiting with a listener shows the whole render at every change', async () => {
  const client = await clientOf((response, { url }) => {
    expect(url).toBe('/v1/renders/r1/events');
    openEvents(response);
    response.end(
      frame('status', render({ status: 'rendering' })) + frame('progress', progress) + frame('done', done, 'end'),
    );
  });
  const told: [string, number, number | null][] = [];
  const onUpdate = (now: typeof done) => told.push([now.status, now.progress.renderedSeconds, now.estimatedSeconds]);
  expect(await client.wait('r1', { onUpdate })).toEqual(done);
  expect(told).toEqual([
    ['rendering', 0, null],
    ['rendering', 4, 3],
    ['succeeded', 0, null],
  ]);
});

test('waiting for a render that is deleted meanwhile is refused as the service refuses it', async () => {
  const client = await clientOf((response, { url }) => {
    if (!url.endsWith('/events')) return answerProblem(response, 410, 'render-gone');
    openEvents(response);
    response.end(frame('status', render()) + frame('gone', {}, 'end'));
  });
  await expect(client.wait('r1', { onUpdate: () => {} })).rejects.toMatchObject({ code: 'render-gone', status: 410 });
});

test('render rejects with what made the render fail', async () => {
  const failed = render({ status: 'failed', error: { code: 'worker-lost', message: 'Tried three times.' } });
  const client = await clientOf((response) => answerJson(response, 200, failed));
  await expect(client.render({ Tracks: [] })).rejects.toMatchObject({
    code: 'render-failed',
    message: expect.stringContaining('Tried three times. (worker-lost)'),
  });
});

test('render cancels at the service what is aborted here', async () => {
  const control = new AbortController();
  const client = await clientOf((response, { method, url }) => {
    if (method === 'POST') answerJson(response, 202, render());
    else if (method === 'DELETE') answerJson(response, 202, render({ status: 'canceled' }));
    // The question stays open: this is where the caller loses patience.
    else if (url.includes('wait=')) control.abort();
  });
  await expect(client.render({ Tracks: [] }, { signal: control.signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(service.seen.at(-1)).toMatchObject({ method: 'DELETE', url: '/v1/renders/r1' });
});

test.each(['submit', 'render'] as const)(
  '%s leaves nothing at the service when it is aborted before the answer',
  async (method) => {
    const control = new AbortController();
    const client = await clientOf((response, request, index) => {
      if (request.method === 'DELETE') answerJson(response, 202, render({ status: 'canceled' }));
      // The first answer never comes: whether the render exists, the caller cannot know.
      else if (index === 0) control.abort();
      else answerJson(response, 202, render());
    });
    await expect(client[method]({ Tracks: [] }, { signal: control.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(service.seen.map((request) => request.method)).toEqual(['POST', 'POST', 'DELETE']);
    const [first, second] = service.seen;
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(second?.body).toEqual(first?.body);
  },
);

test('submit lets be what it was told to do under a key of the caller', async () => {
  const control = new AbortController();
  const client = await clientOf(() => control.abort());
  const options = { signal: control.signal, idempotencyKey: 'mine' };
  await expect(client.submit({ Tracks: [] }, options)).rejects.toMatchObject({ name: 'AbortError' });
  expect(service.seen).toHaveLength(1);
});
