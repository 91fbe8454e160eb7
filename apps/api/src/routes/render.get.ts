import { renderSchema } from '@musistrata/render-queue';
import { z } from 'zod';
import { longestWaitSeconds } from '../http/prefer.js';
import { sendTaggedJson } from '../http/send-json.js';
import { awaitRender } from '../renders/await-render.js';
import { whileWanted } from '../renders/client-gone.js';
import { hasEnded, presentRender, retryAfterSeconds } from '../renders/present-render.js';
import { assertVisible } from '../renders/visible-render.js';
import { renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const getRender = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}',
  scope: 'read',
  operationId: 'getRender',
  tag: 'renders',
  summary: 'One render as it is now',
  params: renderParams,
  query: z.strictObject({
    wait: z.coerce
      .number()
      .int()
      .min(0)
      .max(longestWaitSeconds)
      .default(0)
      .describe('Holds the answer until the render has ended, for at most so many seconds.'),
  }),
  responses: {
    200: {
      description: 'The render.',
      content: { 'application/json': { schema: renderSchema } },
      headers: { ETag: 'Changes with the render.', 'Retry-After': 'While unfinished: when to ask again, in seconds.' },
    },
    304: { description: 'Nothing has changed since If-None-Match.' },
  },
  problems: ['render-not-found', 'render-gone', 'precondition-failed'],
  async handle({ request, response, params: { id }, query, caller }, service) {
    response.locals.renderId = id;
    await assertVisible(id, caller, service);
    const render =
      query.wait > 0
        ? await awaitRender(service.desk, id, query.wait, whileWanted(response, service))
        : await service.desk.get(id);
    if (!hasEnded(render)) response.setHeader('Retry-After', retryAfterSeconds(render));
    sendTaggedJson(request, response, presentRender(render, service));
  },
});
