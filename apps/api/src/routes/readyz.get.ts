import { z } from 'zod';
import { sendJson } from '../http/send-json.js';
import { defineRoute } from './route.js';

export const readinessSchema = z
  .object({
    status: z.enum(['ready', 'not-ready']),
    redis: z.boolean(),
    storage: z.boolean(),
    soundFonts: z.boolean().describe('There is at least one.'),
    stations: z
      .int()
      .describe(
        'Worker processes alive with the engine version of this process; without any, renders are accepted and wait.',
      ),
    stranded: z.int().describe('Jobs waiting for workers of another engine version, of which none is alive.'),
    stopping: z.boolean(),
  })
  .describe('Whether requests can be taken, and what is missing.');

export const getReadiness = defineRoute({
  method: 'get',
  path: '/readyz',
  scope: null,
  operationId: 'getReadiness',
  tag: 'server',
  summary: 'Whether renders can be taken, and what is missing',
  responses: {
    200: { description: 'They can.', content: { 'application/json': { schema: readinessSchema } } },
    503: { description: 'Something is missing.', content: { 'application/json': { schema: readinessSchema } } },
  },
  async handle({ response }, { desk, sounds, closing }) {
    const { redis, storage, stations, stranded } = await desk.health();
    const soundFonts = sounds.ready;
    const ready = redis && storage && soundFonts && !closing.aborted;
    if (!ready) response.setHeader('Retry-After', 5);
    sendJson(response, ready ? 200 : 503, {
      status: ready ? 'ready' : 'not-ready',
      redis,
      storage,
      soundFonts,
      stations,
      stranded,
      stopping: closing.aborted,
    });
  },
});
