import { renderOptionsSchema } from '@musistrata/render-core';
import { z } from 'zod';
import { audioFileSchema, renderErrorSchema, scoreSummarySchema, warningSchema } from '../render.js';

export const webhookEventSchema = z.enum(['render.started', 'render.succeeded', 'render.failed', 'render.canceled']);
export type WebhookEvent = z.output<typeof webhookEventSchema>;

export const webhookSchema = z.object({
  url: z.string(),
  events: z.array(webhookEventSchema),
});
/** Who is told about a render, and of what. */
export type Webhook = z.output<typeof webhookSchema>;

const timestamp = z.iso.datetime();

/** What was asked for. Written before the render is enqueued and never changed: the truth that everything else is rebuilt from. */
export const requestRecordSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  tenant: z.string(),
  createdAt: timestamp,
  /** See contentKey(). */
  content: z.string(),
  score: scoreSummarySchema,
  fileName: z.string().nullable(),
  options: renderOptionsSchema,
  /** Expected length of the audio, for estimates and progress. */
  expectedSeconds: z.number(),
  /** What reading the score warned of; the manifest's warnings replace them. */
  warnings: z.array(warningSchema),
  metadata: z.record(z.string(), z.string()),
  webhook: webhookSchema.nullable(),
  cancelAt: timestamp.nullable(),
  /** Seconds that the finished render is kept; null is for ever. */
  ttlSeconds: z.number().nullable(),
  idempotency: z.object({ key: z.string(), fingerprint: z.string() }).nullable(),
  /** With the digest of the instruments part of `content`: what is needed to address the render anew. Missing in records of the first version. */
  engineVersion: z.string().default(''),
  soundIdentity: z.string().nullable().default(null),
});
export type RequestRecord = z.output<typeof requestRecordSchema>;

/** A small score lies in the record of its render; larger ones are blobs of their own. */
const scoreBase64 = z.string().nullable().default(null);

/** The request as it is stored while the render is unfinished. */
export const openRecordSchema = requestRecordSchema.extend({ scoreBase64 });

const storedFileSchema = audioFileSchema.omit({ url: true }).extend({ name: z.string() });
const plainFileSchema = z.object({ name: z.string(), contentType: z.string(), bytes: z.int(), sha256: z.string() });
export type StoredFile = z.output<typeof plainFileSchema>;

/** What one job produced. Written after all its files: where there is a manifest, every file of it is whole. */
export const manifestSchema = z.object({
  version: z.literal(1),
  content: z.string(),
  finishedAt: timestamp,
  renderSeconds: z.number(),
  audio: storedFileSchema,
  stems: z.array(storedFileSchema.extend({ part: z.int(), partName: z.string() })).nullable(),
  timing: plainFileSchema.nullable(),
  peaks: plainFileSchema.nullable(),
  warnings: z.array(warningSchema),
  /** Sum of all files. */
  bytes: z.int(),
});
export type Manifest = z.output<typeof manifestSchema>;

export const deliverySchema = z.object({
  event: webhookEventSchema,
  at: timestamp,
  attempt: z.int(),
  /** HTTP status, or null when there was no answer. */
  status: z.int().nullable(),
  error: z.string().nullable(),
  delivered: z.boolean(),
});
/** One attempt to tell a webhook. */
export type Delivery = z.output<typeof deliverySchema>;

/** How a render ended. */
export const endingSchema = z.object({
  status: z.enum(['succeeded', 'failed', 'canceled']),
  startedAt: timestamp.nullable(),
  finishedAt: timestamp,
  expiresAt: timestamp.nullable(),
  error: renderErrorSchema.nullable(),
  cached: z.boolean(),
});
export type Ending = z.output<typeof endingSchema>;

/** Replaces the open request when the render ends. */
export const endedRecordSchema = z.object({
  version: z.literal(1),
  request: requestRecordSchema,
  scoreBase64,
  ending: endingSchema,
  deliveries: z.array(deliverySchema),
  /** True when no webhook is to be told any more. */
  webhookSettled: z.boolean(),
});
export type EndedRecord = z.output<typeof endedRecordSchema>;
