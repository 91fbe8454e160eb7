import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyWebhook, type Webhook, WebhookSender, type WebhookSenderOptions } from '@musistrata/render-queue';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';

const installation = useInstallation('webhooks');
const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`);

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const received: Received[] = [];
/** Status that the receiver answers on a path; 200 by default. Several are answered one after the other. */
const answers = new Map<string, number[]>();
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const path = request.url ?? '';
    received.push({ path, headers: request.headers, body });
    const status = answers.get(path)?.shift() ?? 200;
    response.writeHead(status, status === 302 ? { location: `http://127.0.0.1:${port}/redirected` } : {}).end('thanks');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function open(options: Partial<WebhookSenderOptions> = {}) {
  const sender = installation.redis.closing(
    await WebhookSender.open({
      redisUrl: installation.redis.url,
      name: installation.name,
      store: installation.store,
      onFault: installation.onFault,
      secrets,
      allowedAddresses: ['127.0.0.1'],
      publicUrl: 'https://render.example.org',
      retryDelays: [0.05, 0.05, 0.05],
      timeoutSeconds: 2,
      ...options,
    }),
  );
  const desk = await installation.desk();
  return { sender, desk };
}

function webhook(path: string, events: Webhook['events'] = ['render.succeeded', 'render.failed', 'render.canceled']) {
  return { webhook: { url: `http://127.0.0.1:${port}${path}`, events } };
}

const at = (path: string) => received.filter((one) => one.path === path);

describe('a webhook', () => {
  test('is told of the end, signed with every secret, with urls that work from outside', async () => {
    const { sender, desk } = await open();
    const station = await installation.station();
    const { id } = (await desk.submit(burnSubmission({ title: 'told' }, webhook('/told')))).render;
    await ended(desk, id);
    const [one] = await until(
      async () => at('/told'),
      (all) => all.length > 0,
    );
    const message = JSON.parse(one?.body ?? '');
    expect(message).toMatchObject({
      type: 'render.succeeded',
      data: { id, status: 'succeeded', audio: { url: `https://render.example.org/v1/renders/${id}/audio` } },
    });
    expect(message.timestamp).toBe(message.data.finishedAt);
    const headers = {
      id: String(one?.headers['webhook-id']),
      timestamp: String(one?.headers['webhook-timestamp']),
      signature: String(one?.headers['webhook-signature']),
    };
    for (const secret of secrets) expect(verifyWebhook(secret, headers, one?.body ?? '')).toBe(true);
    const log = await until(
      () => desk.deliveries(id),
      (deliveries) => deliveries.length > 0,
    );
    expect(log).toEqual([
      { event: 'render.succeeded', at: expect.any(String), attempt: 1, status: 200, error: null, delivered: true },
    ]);
    await station.close(5);
    await sender.close();
  });

  test('is told of the events that it asked for, and of no others', async () => {
    const { sender, desk } = await open();
    const station = await installation.station();
    const all = webhook('/all', ['render.started', 'render.succeeded']);
    const first = (await desk.submit(burnSubmission({ title: 'all events', wallMs: 50 }, all))).render;
    const second = (await desk.submit(burnSubmission({ title: 'no event' }, webhook('/none', ['render.failed']))))
      .render;
    await ended(desk, first.id);
    await ended(desk, second.id);
    const messages = await until(
      async () => at('/all').map(({ body }) => JSON.parse(body).type),
      (types) => types.length === 2,
    );
    expect(messages).toEqual(['render.started', 'render.succeeded']);
    expect(at('/none')).toEqual([]);
    await station.close(5);
    await sender.close();
  });

  test('that fails is told again, as the same message, until it has heard', async () => {
    const { sender, desk } = await open();
    answers.set('/busy', [500, 503]);
    const { id } = (await desk.submit(burnSubmission({ title: 'busy' }, webhook('/busy')))).render;
    await desk.cancel(id);
    const tries = await until(
      async () => at('/busy'),
      (all) => all.length === 3,
    );
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const log = await until(
      () => desk.deliveries(id),
      (deliveries) => deliveries.length === 3,
    );
    expect(log.map(({ attempt, status, delivered }) => [attempt, status, delivered])).toEqual([
      [1, 500, false],
      [2, 503, false],
      [3, 200, true],
    ]);
    await sender.close();
  });

  test('is not followed elsewhere', async () => {
    const { sender, desk } = await open();
    answers.set('/moved', [302]);
    const { id } = (await desk.submit(burnSubmission({ title: 'moved' }, webhook('/moved')))).render;
    await desk.cancel(id);
    await until(
      async () => at('/moved').length,
      (count) => count === 2,
    );
    expect(at('/redirected')).toEqual([]);
    await sender.close();
  });

  test('that answers 410 is left in peace', async () => {
    const { sender, desk } = await open();
    answers.set('/gone', [410]);
    const { id } = (await desk.submit(burnSubmission({ title: 'gone' }, webhook('/gone')))).render;
    await desk.cancel(id);
    await until(
      () => desk.deliveries(id),
      (deliveries) => deliveries.length === 1,
    );
    const record = await until(
      async () => JSON.parse(String(await installation.store.get(`renders/ended/${id}.json`))),
      ({ webhookSettled }) => webhookSettled === true,
    );
    expect(record.deliveries).toHaveLength(1);
    expect(at('/gone')).toHaveLength(1);
    await sender.close();
  });

  test('that leads inside is not connected to, whether as an address or by a name', async () => {
    const { sender, desk } = await open({ allowedAddresses: [] });
    for (const url of [`http://127.0.0.1:${port}/inside`, `http://localhost:${port}/inside`]) {
      const own = { webhook: { url, events: ['render.canceled'] as Webhook['events'] } };
      const { id } = (await desk.submit(burnSubmission({ title: url }, own))).render;
      await desk.cancel(id);
      const [delivery] = await until(
        () => desk.deliveries(id),
        (deliveries) => deliveries.length > 0,
      );
      expect(delivery).toMatchObject({ status: null, delivered: false, error: expect.stringMatching(/not public/) });
    }
    expect(at('/inside')).toEqual([]);
    await sender.close();
  });

  test('is told although Redis lost the delivery', async () => {
    const desk = await installation.desk();
    const { id } = (await desk.submit(burnSubmission({ title: 'lost delivery' }, webhook('/lost')))).render;
    await desk.cancel(id);
    await installation.wipeRedis();
    const { sender } = await open();
    const caretaker = await installation.caretaker({ recoverySeconds: 0.2 });
    const [one] = await until(
      async () => at('/lost'),
      (all) => all.length > 0,
    );
    expect(JSON.parse(one?.body ?? '')).toMatchObject({ type: 'render.canceled', data: { id } });
    await caretaker.close();
    await sender.close();
  });

  test('is signed with a secret of the installation when none is configured', async () => {
    const { sender, desk } = await open({ secrets: [] });
    const { id } = (await desk.submit(burnSubmission({ title: 'own secret' }, webhook('/own')))).render;
    await desk.cancel(id);
    const [one] = await until(
      async () => at('/own'),
      (all) => all.length > 0,
    );
    const [secret] = JSON.parse(String(await installation.store.get('settings/webhook-secrets.json')));
    const headers = {
      id: String(one?.headers['webhook-id']),
      timestamp: String(one?.headers['webhook-timestamp']),
      signature: String(one?.headers['webhook-signature']),
    };
    expect(verifyWebhook(secret, headers, one?.body ?? '')).toBe(true);
    await sender.close();
  });
});
