import { RenderGoneError, renderSchema } from '@musistrata/render-queue';
import { sendJson } from '../http/send-json.js';
import { hasEnded, presentRender } from '../renders/present-render.js';
import { visibleRender } from '../renders/visible-render.js';
import { renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const deleteRender = defineRoute({
  method: 'delete',
  path: '/v1/renders/{id}',
  scope: 'submit',
  operationId: 'deleteRender',
  tag: 'renders',
  summary: 'Cancel an unfinished render, delete a finished one',
  description: 'Cancelling stops the work within a moment. Deleting what is deleted already does nothing.',
  params: renderParams,
  responses: {
    202: { description: 'Canceled.', content: { 'application/json': { schema: renderSchema } } },
    204: { description: 'Deleted, with its files.' },
  },
  problems: ['render-not-found'],
  async handle({ response, params: { id }, caller }, service) {
    response.locals.renderId = id;
    try {
      const render = await visibleRender(id, caller, service);
      if (!hasEnded(render)) {
        sendJson(response, 202, presentRender(await service.desk.cancel(id), service));
        return;
      }
      await service.desk.remove(id);
    } catch (error) {
      if (!(error instanceof RenderGoneError)) throw error;
    }
    response.writeHead(204).end();
  },
});
