import { webhookEventSchema } from '@musistrata/render-queue';
import { z } from 'zod';
import { sendJson } from '../http/send-json.js';
import { assertVisible } from '../renders/visible-render.js';
import { renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const deliveryListSchema = z
  .object({
    deliveries: z.array(
      z.object({
        event: webhookEventSchema,
        at: z.iso.datetime(),
        attempt: z.int(),
        status: z.int().nullable().describe('HTTP status, or null when there was no answer.'),
        error: z.string().nullable(),
        delivered: z.boolean(),
      }),
    ),
  })
  .describe('Every attempt to tell the webhook, oldest first.');

export const listDeliveries = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/deliveries',
  scope: 'read',
  operationId: 'listDeliveries',
  tag: 'renders',
  summary: 'Attempts to tell the webhook of a render',
  params: renderParams,
  responses: { 200: { description: 'The attempts.', content: { 'application/json': { schema: deliveryListSchema } } } },
  problems: ['render-not-found', 'render-gone'],
  async handle({ response, params: { id }, caller }, service) {
    await assertVisible(id, caller, service);
    sendJson(response, 200, { deliveries: await service.desk.deliveries(id) });
  },
});
