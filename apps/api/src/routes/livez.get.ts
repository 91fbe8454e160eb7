import { z } from 'zod';
import { sendJson } from '../http/send-json.js';
import { defineRoute } from './route.js';

export const getLiveness = defineRoute({
  method: 'get',
  path: '/livez',
  scope: null,
  operationId: 'getLiveness',
  tag: 'server',
  summary: 'Whether the process answers',
  responses: {
    200: {
      description: 'It does.',
      content: { 'application/json': { schema: z.object({ status: z.literal('alive') }) } },
    },
  },
  handle({ response }) {
    sendJson(response, 200, { status: 'alive' });
  },
});
