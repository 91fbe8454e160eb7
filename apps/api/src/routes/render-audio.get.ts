import { answerWithFile } from '../renders/render-file-answer.js';
import { visibleRender } from '../renders/visible-render.js';
import { fileProblems, fileResponses, redirected } from './file-documents.js';
import { fileQuery, renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const getRenderAudio = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/audio',
  scope: 'read',
  signable: true,
  operationId: 'getRenderAudio',
  tag: 'files',
  summary: 'The finished audio file',
  params: renderParams,
  query: fileQuery,
  responses: { ...fileResponses('audio'), 307: redirected },
  problems: fileProblems,
  async handle({ request, response, params: { id }, query, caller }, service) {
    response.locals.renderId = id;
    const render = await visibleRender(id, caller, service);
    await answerWithFile(
      request,
      response,
      render,
      { file: 'audio', download: query.download, redirectable: true },
      service,
    );
  },
});
