import { z } from 'zod';
import { sendJson } from '../http/send-json.js';
import { defineRoute } from './route.js';

export const capacitySchema = z
  .object({
    stations: z.int().describe('Worker processes alive.'),
    slots: z.int().describe('Renders that they run at once.'),
    waiting: z.int().describe('Distinct jobs waiting: equal renders wait as one.'),
    stranded: z.int().describe('Of these, jobs that no living worker may take: it has another engine version.'),
    queues: z
      .record(z.string(), z.object({ stations: z.int(), slots: z.int(), waiting: z.int() }))
      .describe('The same by engine version: each has a queue of its own.'),
    backlogSeconds: z.number().describe('Seconds of audio that wait.'),
    renders: z
      .object({ queued: z.int(), rendering: z.int(), succeeded: z.int(), failed: z.int(), canceled: z.int() })
      .describe('Renders by status.'),
    realTimeFactor: z
      .number()
      .nullable()
      .describe('Seconds of audio per second and slot; null before the first render.'),
    jobSeconds: z.number().nullable().describe('What one job takes, averaged.'),
    storedBytes: z.number(),
    drainSeconds: z
      .number()
      .nullable()
      .describe('Time until everything that waits is done; null when that is unknown.'),
    maxQueued: z.int(),
  })
  .describe('How busy the service is, for those who add and take away workers.');

export const getCapacity = defineRoute({
  method: 'get',
  path: '/v1/capacity',
  scope: 'read',
  operationId: 'getCapacity',
  tag: 'server',
  summary: 'How busy the service is',
  responses: {
    200: { description: 'Queue and workers.', content: { 'application/json': { schema: capacitySchema } } },
  },
  async handle({ response }, { config, desk }) {
    const capacity = await desk.capacity();
    const { backlogSeconds, realTimeFactor, slots } = capacity;
    const drainSeconds = realTimeFactor === null || slots === 0 ? null : backlogSeconds / (realTimeFactor * slots);
    sendJson(response, 200, { ...capacity, drainSeconds, maxQueued: config.QUEUE_LIMIT });
  },
});
