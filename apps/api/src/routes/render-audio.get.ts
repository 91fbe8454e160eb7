import { answerWithFile } from '../renders/render-file-answer.js';
import { visibleRender } from '../renders/visible-render.js';
import { fileContent, fileHeaders, fileProblems, redirected } from './file-documents.js';
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
  responses: {
    200: { description: 'The whole file.', content: fileContent('audio'), headers: fileHeaders },
    206: { description: 'The ranges asked for; several come as multipart/byteranges.', content: fileContent('audio') },
    304: { description: 'The client has this version.' },
    307: redirected,
  },
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
