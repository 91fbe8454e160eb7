import { isRenderId, renderSchema, renderStatusSchema } from '@musistrata/render-queue';
import { z } from 'zod';
import { seesAll } from '../auth/authenticate.js';
import { sendJson } from '../http/send-json.js';
import { presentRender } from '../renders/present-render.js';
import { defineRoute } from './route.js';

export const renderListSchema = z
  .object({
    renders: z.array(renderSchema),
    cursor: z.string().nullable().describe('For the next page; null on the last.'),
  })
  .describe('A page of renders, newest first.');

export const listRenders = defineRoute({
  method: 'get',
  path: '/v1/renders',
  scope: 'read',
  operationId: 'listRenders',
  tag: 'renders',
  summary: 'Renders, newest first',
  query: z.strictObject({
    status: renderStatusSchema.optional().describe('Only renders of this status.'),
    cursor: z
      .string()
      .refine(isRenderId, 'must be a cursor as given with the page before')
      .optional()
      .describe('As given with the page before.'),
    limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most renders on the page.'),
  }),
  responses: {
    200: {
      description: 'A page of renders.',
      content: { 'application/json': { schema: renderListSchema } },
      headers: { Link: 'The next page (rel="next"), unless this is the last.' },
    },
  },
  async handle({ response, query, caller }, service) {
    const page = await service.desk.list({
      tenant: !service.config.authenticated || seesAll(caller) ? null : caller.tenant,
      status: query.status ?? null,
      cursor: query.cursor ?? null,
      limit: query.limit,
    });
    if (page.cursor !== null) {
      const next = new URLSearchParams({
        ...(query.status && { status: query.status }),
        limit: String(query.limit),
        cursor: page.cursor,
      });
      response.setHeader('Link', `</v1/renders?${next}>; rel="next"`);
    }
    sendJson(response, 200, {
      renders: page.renders.map((render) => presentRender(render, service)),
      cursor: page.cursor,
    });
  },
});
