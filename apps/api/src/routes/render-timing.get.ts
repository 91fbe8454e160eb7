import { answerWithFile } from '../renders/render-file-answer.js';
import { visibleRender } from '../renders/visible-render.js';
import { fileProblems, fileResponses } from './file-documents.js';
import { fileQuery, renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const getRenderTiming = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/timing',
  scope: 'read',
  signable: true,
  operationId: 'getRenderTiming',
  tag: 'files',
  summary: 'When every note starts and ends',
  description: 'Onset and release of every note in seconds of the audio, with its part, key and velocity.',
  params: renderParams,
  query: fileQuery,
  responses: fileResponses('json'),
  problems: fileProblems,
  async handle({ request, response, params: { id }, query, caller }, service) {
    const render = await visibleRender(id, caller, service);
    const answer = { file: 'timing', name: `${id}.timing.json`, download: query.download } as const;
    await answerWithFile(request, response, render, answer, service);
  },
});
