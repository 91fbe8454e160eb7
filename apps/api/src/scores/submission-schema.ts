import { renderOptionsSchema, songSchema } from '@musistrata/render-core';
import { webhookEventSchema } from '@musistrata/render-queue';
import { z } from 'zod';

export const metadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((metadata) => Object.keys(metadata).length <= 32, 'must have at most 32 entries')
  .describe('Kept with the render and given back as it is: at most 32 entries.');

export const webhookRequestSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).max(2000),
    events: z
      .array(webhookEventSchema)
      .min(1)
      .default([...webhookEventSchema.options])
      .describe('Which events to tell.'),
  })
  .describe('Who is told about the render, by the rules of Standard Webhooks.');

/** The members of a JSON body around a score, but for the score and the options, which have readers of their own. */
export const wrapperSchema = z.strictObject({
  score: z.union(
    [z.string(), z.record(z.string(), z.unknown())],
    'must be a MusiStrata song, or any other score in base64',
  ),
  options: z.unknown().optional(),
  fileName: z.string().max(500).optional().describe('Name of the file that the score comes from.'),
  webhook: webhookRequestSchema.optional(),
  metadata: metadataSchema.optional(),
});

/** A JSON body around a score, as documented. */
export const submissionSchema = z
  .strictObject({
    score: z.union([songSchema, z.base64().describe('Any other score, in base64.')]),
    options: renderOptionsSchema.optional(),
    fileName: wrapperSchema.shape.fileName,
    webhook: webhookRequestSchema.optional(),
    metadata: metadataSchema.optional(),
  })
  .describe('A score with everything that belongs to its render.');
