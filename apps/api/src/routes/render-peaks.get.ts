import { answerWithFile } from '../renders/render-file-answer.js';
import { visibleRender } from '../renders/visible-render.js';
import { fileProblems, fileResponses } from './file-documents.js';
import { fileQuery, renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const getRenderPeaks = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/peaks',
  scope: 'read',
  signable: true,
  operationId: 'getRenderPeaks',
  tag: 'files',
  summary: 'The waveform in small',
  description: 'Lowest and highest sample of every stretch of the audio, for drawing it.',
  params: renderParams,
  query: fileQuery,
  responses: fileResponses('json'),
  problems: fileProblems,
  async handle({ request, response, params: { id }, query, caller }, service) {
    const render = await visibleRender(id, caller, service);
    const answer = { file: 'peaks', name: `${id}.peaks.json`, download: query.download } as const;
    await answerWithFile(request, response, render, answer, service);
  },
});
