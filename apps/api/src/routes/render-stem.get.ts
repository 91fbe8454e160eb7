import { z } from 'zod';
import { Problem } from '../problems/problem.js';
import { answerWithFile } from '../renders/render-file-answer.js';
import { visibleRender } from '../renders/visible-render.js';
import { fileProblems, fileResponses, redirected } from './file-documents.js';
import { fileQuery, renderParams } from './render-id.js';
import { defineRoute } from './route.js';

export const getRenderStem = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/stems/{part}',
  scope: 'read',
  signable: true,
  operationId: 'getRenderStem',
  tag: 'files',
  summary: 'One part as a file',
  params: renderParams.extend({ part: z.string().describe('Index of the part in the score, from 0.') }),
  query: fileQuery,
  responses: { ...fileResponses('audio'), 307: redirected },
  problems: [...fileProblems, 'part-not-found'],
  async handle({ request, response, params: { id, part }, query, caller }, service) {
    const render = await visibleRender(id, caller, service);
    const index = /^\d{1,5}$/.test(part) ? Number(part) : -1;
    const stem = render.stems?.find((candidate) => candidate.part === index);
    if (render.stems !== null && stem === undefined) throw Problem.partNotFound(part);
    const answer = {
      file: { stem: index },
      suffix: ` - ${stem?.name ?? part}`,
      download: query.download,
      redirectable: true,
    };
    await answerWithFile(request, response, render, answer, service);
  },
});
