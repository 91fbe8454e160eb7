import { renderOptionsSchema } from '@musistrata/render-core';
import { scoreSummarySchema, warningSchema } from '@musistrata/render-queue';
import { z } from 'zod';
import { sendJson } from '../http/send-json.js';
import { readTask } from '../intake/read-task.js';
import { defineRoute } from './route.js';
import { scoreBody, scoreProblems } from './score-documents.js';

export const scoreReportSchema = z
  .object({
    score: scoreSummarySchema,
    parts: z.array(
      z.object({
        index: z.int(),
        name: z.string(),
        channel: z.int().nullable().describe('MIDI channel 1-16.'),
        port: z.int(),
        percussion: z.boolean(),
        instrument: z
          .object({
            name: z.string().nullable(),
            program: z.int().nullable(),
            bank: z.int(),
            pointer: z.string().optional(),
          })
          .nullable()
          .describe('What the score asks for; null when program changes decide.'),
        programs: z.array(z.int()).describe('Programs that the part changes to, each once.'),
        noteCount: z.int(),
        lowestKey: z.int().nullable().describe('MIDI key.'),
        highestKey: z.int().nullable(),
        sound: z
          .object({
            kind: z.enum(['soundfont', 'samples', 'formula', 'layers']),
            name: z.string().describe('Of the instrument, or of the sound font.'),
            preset: z
              .object({ bank: z.int(), program: z.int(), percussion: z.boolean() })
              .nullable()
              .describe('Null follows the part.'),
          })
          .nullable()
          .describe('What plays it here; null plays nothing.'),
      }),
    ),
    options: renderOptionsSchema.describe('As they would be applied.'),
    warnings: z.array(warningSchema),
    estimate: z.object({
      audioSeconds: z.number().describe('Length of the audio, about.'),
      mostOutputBytes: z.number().describe('What all files together cannot exceed.'),
      renderSeconds: z.number().nullable().describe('Time to render it, by the measured speed of this server.'),
    }),
  })
  .describe('What a score holds and what its render would cost.');

export const inspectScore = defineRoute({
  method: 'post',
  path: '/v1/scores',
  scope: 'submit',
  operationId: 'inspectScore',
  tag: 'scores',
  summary: 'Read a score without rendering it',
  description: 'Takes the same bodies as POST /v1/renders and refuses what it would refuse.',
  query: z.looseObject({}),
  body: scoreBody,
  responses: { 200: { description: 'What it holds.', content: { 'application/json': { schema: scoreReportSchema } } } },
  problems: [...scoreProblems, 'rate-limited'],
  async handle({ request, response, caller }, service) {
    await service.rateLimits?.take(service.config.authenticated ? caller.tenant : null, request, response);
    const read = await service.reader.read(await readTask(request, response, service.config));
    const factor = await service.desk.capacity().then(
      ({ realTimeFactor }) => realTimeFactor,
      () => null,
    );
    sendJson(response, 200, {
      score: read.summary,
      parts: read.parts.map((part, index) => ({ ...part, sound: read.sounds[index] ?? null })),
      options: read.options,
      warnings: read.warnings,
      estimate: {
        audioSeconds: read.expectedSeconds,
        mostOutputBytes: read.mostOutputBytes,
        renderSeconds: factor === null ? null : read.expectedSeconds / factor,
      },
    });
  },
});
