import { z } from 'zod';
import { longestWaitSeconds } from '../http/prefer.js';
import { sendTaggedJson } from '../http/send-json.js';
import { defineRoute } from './route.js';

export const limitsSchema = z
  .object({
    maxBodyBytes: z.int().describe('A request body, as sent and once inflated.'),
    maxParts: z.int(),
    maxNotes: z.int(),
    maxDurationSeconds: z.number().describe('Length of the music.'),
    maxOutputBytes: z.int().describe('All audio files of a render together.'),
    maxSoundFontBytes: z.int(),
    maxSamplesBytes: z.int().describe('An archive of samples, as sent and once inflated.'),
    maxWaitSeconds: z.int().describe('Longest that a request is held open.'),
    maxQueued: z.int().describe('Renders that may wait.'),
    maxUnfinishedPerKey: z.int().nullable().describe('Null when there are no keys.'),
    requestsPerMinute: z.int().nullable().describe('Submissions of one key; null is no limit.'),
    formats: z.array(z.string()),
    scoreFormats: z.array(z.string()),
    contentEncodings: z.array(z.string()),
  })
  .describe('What this server accepts.');

export const getLimits = defineRoute({
  method: 'get',
  path: '/v1/limits',
  scope: null,
  operationId: 'getLimits',
  tag: 'server',
  summary: 'What this server accepts',
  responses: { 200: { description: 'The limits.', content: { 'application/json': { schema: limitsSchema } } } },
  handle({ request, response }, { config, rateLimits }) {
    sendTaggedJson(request, response, {
      maxBodyBytes: config.MAX_BODY_BYTES,
      maxParts: config.MAX_PARTS,
      maxNotes: config.MAX_NOTES,
      maxDurationSeconds: config.MAX_DURATION_SECONDS,
      maxOutputBytes: config.MAX_OUTPUT_BYTES,
      maxSoundFontBytes: config.MAX_SOUNDFONT_BYTES,
      maxSamplesBytes: config.MAX_SAMPLES_BYTES,
      maxWaitSeconds: longestWaitSeconds,
      maxQueued: config.QUEUE_LIMIT,
      maxUnfinishedPerKey: config.authenticated ? config.UNFINISHED_PER_KEY : null,
      requestsPerMinute: rateLimits === null ? null : config.REQUESTS_PER_MINUTE,
      formats: ['wav', 'flac', 'mp3', 'opus'],
      scoreFormats: ['musistrata', 'midi', 'musicxml', 'guitarpro'],
      contentEncodings: ['gzip', 'deflate', 'br'],
    });
  },
});
