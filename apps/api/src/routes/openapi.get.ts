import { sendTaggedJson } from '../http/send-json.js';
import { defineRoute } from './route.js';

export const getOpenApi = defineRoute({
  method: 'get',
  path: '/openapi.json',
  scope: null,
  operationId: 'getOpenApi',
  tag: 'server',
  summary: 'This document',
  responses: { 200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: null } } } },
  handle({ request, response }, { document }) {
    sendTaggedJson(request, response, document);
  },
});
