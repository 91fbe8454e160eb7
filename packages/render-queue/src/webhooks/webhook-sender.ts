import type { BlobStore } from '@musistrata/blob-store';
import { type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { RenderGoneError, RenderNotFoundError } from '../errors.js';
import type { Delivery } from '../records/records.js';
import { RenderArchive } from '../records/render-archive.js';
import { connectRedis, type FaultListener, reachWithin } from '../redis/connect.js';
import { defaultPrefix, redisPrefix, webhookQueueName } from '../redis/redis-keys.js';
import { RenderIndex } from '../redis/render-index.js';
import { RenderReader } from '../redis/render-reader.js';
import { viewRender } from '../redis/render-view.js';
import type { Render } from '../render.js';
import { noTracing, type Tracing } from '../tracing.js';
import { AddressGuard } from './address-guard.js';
import { DeliveryLog } from './delivery-log.js';
import { signWebhook } from './signature.js';
import { retryDelays, type WebhookJobData } from './webhook-queue.js';
import { postWebhook, WebhookUrlError } from './webhook-request.js';
import { webhookSecrets } from './webhook-secrets.js';

export interface WebhookSenderOptions {
  readonly redisUrl: string;
  readonly store: BlobStore;
  /** Separates installations that share one Redis. @default 'musistrata' */
  readonly name?: string;
  /** `whsec_...`: all of them sign, the newest first. Without any, one is made and kept in the storage. @default [] */
  readonly secrets?: readonly string[];
  /** Addresses and networks that may be reached although they are not public. @default [] */
  readonly allowedAddresses?: readonly string[];
  /** What urls in the payload begin with: https://render.example.org. @default '' */
  readonly publicUrl?: string;
  /** Deliveries at once. @default 8 */
  readonly concurrency?: number;
  /** For the whole of one attempt. @default 15 */
  readonly timeoutSeconds?: number;
  /** Pauses before the second and later attempts, in seconds. @default three days' worth, see docs/operations.md */
  readonly retryDelays?: readonly number[];
  /** @default nothing is traced */
  readonly tracing?: Tracing;
  readonly onDelivery?: (delivery: Delivery & { readonly renderId: string }) => void;
  readonly onFault: FaultListener;
}

/** What became of one attempt. */
interface Posted {
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
  /** No other attempt can do better. */
  readonly hopeless: boolean;
}

/** Delivers webhooks by the rules of Standard Webhooks. One per worker process. */
export class WebhookSender {
  readonly #options: Required<WebhookSenderOptions>;
  readonly #redis: Redis;
  readonly #archive: RenderArchive;
  readonly #reader: RenderReader;
  readonly #log: DeliveryLog;
  readonly #guard: AddressGuard;
  #worker: Worker<WebhookJobData> | null = null;
  #closing: Promise<void> | null = null;

  /** Connects and starts delivering; rejects when Redis does not answer within 30 s. */
  static async open(options: WebhookSenderOptions): Promise<WebhookSender> {
    const sender = new WebhookSender(options);
    try {
      await sender.#start();
    } catch (error) {
      await sender.close();
      throw error;
    }
    return sender;
  }

  private constructor(options: WebhookSenderOptions) {
    this.#options = {
      name: defaultPrefix,
      secrets: [],
      allowedAddresses: [],
      publicUrl: '',
      concurrency: 8,
      timeoutSeconds: 15,
      retryDelays,
      tracing: noTracing,
      onDelivery: () => undefined,
      ...options,
    };
    const prefix = redisPrefix(this.#options.name);
    this.#redis = connectRedis(options.redisUrl, prefix, 'patient', options.onFault);
    this.#archive = new RenderArchive(options.store);
    this.#reader = new RenderReader(new RenderIndex(this.#redis, prefix), this.#archive);
    this.#log = new DeliveryLog(this.#redis, prefix);
    this.#guard = new AddressGuard(this.#options.allowedAddresses);
  }

  /** Waits for the deliveries under way, which have a timeout of their own. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#worker?.close();
    this.#redis.disconnect();
  }

  async #start(): Promise<void> {
    await reachWithin(this.#redis, 30);
    const worker = new Worker<WebhookJobData>(webhookQueueName, (job) => this.#deliver(job), {
      connection: this.#redis,
      prefix: redisPrefix(this.#options.name),
      concurrency: this.#options.concurrency,
      skipVersionCheck: true,
      ...(this.#options.tracing.telemetry ? { telemetry: this.#options.tracing.telemetry } : {}),
      settings: { backoffStrategy: (attempts) => (this.#options.retryDelays[attempts - 1] ?? 0) * 1000 },
    });
    this.#worker = worker;
    worker.on('error', (error) => this.#options.onFault(error, 'webhooks'));
    await worker.waitUntilReady();
  }

  async #deliver(job: Job<WebhookJobData>): Promise<void> {
    const { render: id, event } = job.data;
    const found = await this.#find(id);
    // Deleted meanwhile: there is nothing left to tell.
    if (!found) return;
    const { url, render } = found;
    const attempt = job.attemptsMade + 1;
    const { hopeless, delivered, ...outcome } = await this.#traced(id, event, attempt, () =>
      this.#post(url, `${id}-${event}`, event, render),
    );
    const delivery: Delivery = { event, at: new Date().toISOString(), attempt, ...outcome, delivered };
    await this.#log.add(id, delivery);
    this.#tell(id, delivery);
    // The end of a render is what it may be waited for; its start is told or not.
    const settle = async () => (event === 'render.started' ? undefined : this.#settle(id));
    if (delivered) return settle();
    const message = outcome.error ?? `The receiver answered ${outcome.status}.`;
    // 410: the receiver wants no more of these (Standard Webhooks). A URL that leads inside will not lead outside later.
    if (hopeless || outcome.status === 410 || attempt >= (job.opts.attempts ?? 1)) {
      await settle();
      throw new UnrecoverableError(message);
    }
    throw new Error(message);
  }

  async #find(id: string): Promise<{ url: string; render: Render } | null> {
    try {
      const look = await this.#reader.look(id);
      const { webhook } = look.request;
      return webhook && { url: webhook.url, render: viewRender(look) };
    } catch (error) {
      if (error instanceof RenderGoneError || error instanceof RenderNotFoundError) return null;
      throw error;
    }
  }

  /** One attempt as a span of the render's trace. Of the URL it says nothing: it may hold a secret. */
  #traced(id: string, event: string, attempt: number, post: () => Promise<Posted>) {
    const attributes = { 'render.id': id, 'webhook.event': event, 'webhook.attempt': attempt };
    return this.#options.tracing.span('webhook', attributes, async (span) => {
      const outcome = await post();
      const { status, error } = outcome;
      const delivered = status !== null && status >= 200 && status < 300;
      if (status !== null) span.set({ 'http.response.status_code': status });
      if (!delivered) span.fail(new Error(error ?? `The receiver answered ${status}.`));
      return { ...outcome, delivered };
    });
  }

  async #post(url: string, id: string, event: string, render: Render): Promise<Posted> {
    const { store, secrets, timeoutSeconds } = this.#options;
    const seconds = Math.floor(Date.now() / 1000);
    const data = this.#absolute(render);
    const body = JSON.stringify({ type: event, timestamp: render.finishedAt ?? new Date().toISOString(), data });
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'musistrata-render',
      // The same for every attempt, so that a receiver knows what it has seen.
      'webhook-id': `msg_${id}`,
      'webhook-timestamp': `${seconds}`,
      'webhook-signature': signWebhook(await webhookSecrets(store, secrets), `msg_${id}`, seconds, body),
    };
    try {
      const status = await postWebhook(url, headers, body, this.#guard, timeoutSeconds);
      return { status, error: null, hopeless: false };
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      const message = error instanceof Error ? error.message : String(error);
      return { status: null, error: message.slice(0, 300), hopeless: name === WebhookUrlError.name };
    }
  }

  #absolute(render: Render): Render {
    const base = this.#options.publicUrl;
    const { audio, stems } = render;
    return {
      ...render,
      audio: audio && { ...audio, url: base + audio.url },
      stems: stems?.map((stem) => ({ ...stem, url: base + stem.url })) ?? null,
    };
  }

  /** Nothing more will be sent about how this render ended: the log moves to its record. */
  async #settle(id: string): Promise<void> {
    const record = await this.#archive.getEnded(id);
    if (!record) return;
    await this.#archive.replaceEnded({ ...record, deliveries: await this.#log.read(id), webhookSettled: true });
  }

  #tell(renderId: string, delivery: Delivery): void {
    try {
      this.#options.onDelivery({ renderId, ...delivery });
    } catch (error) {
      this.#options.onFault(error, 'listener');
    }
  }
}
