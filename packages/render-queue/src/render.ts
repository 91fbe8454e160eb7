import { renderOptionsSchema } from '@musistrata/render-core';
import { z } from 'zod';

export const renderStatusSchema = z.enum(['queued', 'rendering', 'succeeded', 'failed', 'canceled']);
export type RenderStatus = z.output<typeof renderStatusSchema>;

const timestamp = z.iso.datetime();

export const warningSchema = z.object({
  code: z.string(),
  message: z.string(),
  pointer: z.string().optional().describe('Place in the score, or in the options, as a JSON pointer (RFC 6901).'),
});

/** What the score says of itself, known before it is rendered. */
export const scoreSummarySchema = z.object({
  format: z.enum(['musistrata', 'midi', 'musicxml', 'guitarpro']),
  title: z.string().nullable(),
  durationSeconds: z.number().describe('Length of the music without its tail.'),
  partCount: z.int(),
  noteCount: z.int(),
  sha256: z.string(),
});
export type ScoreSummary = z.output<typeof scoreSummarySchema>;

export const audioFileSchema = z.object({
  url: z.string(),
  contentType: z.string(),
  bytes: z.int(),
  durationSeconds: z.number(),
  sampleRate: z.int(),
  channels: z.int(),
  bitDepth: z.int().nullable(),
  sha256: z.string(),
  peakDbtp: z.number().nullable().describe('True peak; null for digital silence.'),
  loudnessLufs: z.number().nullable().describe('Integrated loudness; null for silence.'),
});
export type AudioFile = z.output<typeof audioFileSchema>;

export const stemFileSchema = audioFileSchema.extend({ part: z.int(), name: z.string() });

export const renderErrorSchema = z.object({ code: z.string(), message: z.string() });

/** A render as clients see it. */
export const renderSchema = z.object({
  id: z.string(),
  status: renderStatusSchema,
  progress: z.object({ renderedSeconds: z.number(), totalSeconds: z.number(), fraction: z.number() }),
  queuePosition: z.int().nullable().describe('0 is next; null when it does not wait.'),
  estimatedSeconds: z.number().nullable().describe('Time until it is finished, by the measured speed of this server.'),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
  expiresAt: timestamp.nullable(),
  score: scoreSummarySchema,
  options: renderOptionsSchema,
  warnings: z.array(warningSchema),
  audio: audioFileSchema.nullable(),
  stems: z.array(stemFileSchema).nullable(),
  error: renderErrorSchema.nullable(),
  cached: z.boolean().describe('The audio came from an equal render made before.'),
  metadata: z.record(z.string(), z.string()).describe('As sent by the client.'),
});
export type Render = z.output<typeof renderSchema>;
