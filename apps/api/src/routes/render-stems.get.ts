import { RenderFileNotFoundError, stemFileSchema } from '@musistrata/render-queue';
import { z } from 'zod';
import { sendTaggedJson } from '../http/send-json.js';
import { presentRender, publicLink } from '../renders/present-render.js';
import { visibleRender } from '../renders/visible-render.js';
import { fileProblems } from './file-documents.js';
import { renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const stemListSchema = z
  .object({ stems: z.array(stemFileSchema), archiveUrl: z.string().describe('All of them as stems.zip.') })
  .describe('A file for every part.');

export const listRenderStems = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/stems',
  scope: 'read',
  operationId: 'listRenderStems',
  tag: 'files',
  summary: 'The parts as files of their own',
  description: 'Made when the options ask for stems.',
  params: renderParams,
  responses: { 200: { description: 'The stems.', content: { 'application/json': { schema: stemListSchema } } } },
  problems: fileProblems,
  async handle({ request, response, params: { id }, caller }, service) {
    const render = await visibleRender(id, caller, service);
    if (render.stems === null) {
      // Says why there are none: not yet, not ever, or not asked for.
      await service.desk.openFile(id, 'audio');
      throw new RenderFileNotFoundError(id, 'stems: they were not asked for');
    }
    const archiveUrl = publicLink(`/v1/renders/${id}/stems.zip`, service);
    sendTaggedJson(request, response, { stems: presentRender(render, service).stems, archiveUrl });
  },
});
