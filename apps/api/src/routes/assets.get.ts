import { z } from 'zod';
import { evaluatePreconditions } from '../http/preconditions.js';
import { Problem } from '../problems/problem.js';
import { defineRoute } from './route.js';

export const getAsset = defineRoute({
  method: 'get',
  path: '/assets/{name}',
  scope: null,
  operationId: 'getAsset',
  tag: 'pages',
  summary: 'A script of the web page',
  params: z.looseObject({ name: z.string().describe('Name of the script.') }),
  responses: {
    200: { description: 'The script.', content: { 'text/javascript': { schema: null } } },
    304: { description: 'The client has this version.' },
  },
  problems: ['route-not-found', 'precondition-failed'],
  handle({ request, response, params: { name } }, { pages }) {
    const script = pages.scripts.get(name);
    if (script === undefined) throw Problem.routeNotFound(request.path);
    response.setHeader('ETag', script.etag);
    response.setHeader('Cache-Control', 'no-cache');
    const precondition = evaluatePreconditions(request.headers, script);
    if (precondition === 'failed') throw Problem.preconditionFailed();
    if (precondition === 'not-modified') {
      response.writeHead(304).end();
      return;
    }
    response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
    response.setHeader('Content-Length', script.bytes.length);
    response.writeHead(200).end(script.bytes);
  },
});
