import { sendPage } from '../pages/send-page.js';
import { defineRoute } from './route.js';

const page = { 'text/html': { schema: null } };

export const getDocs = defineRoute({
  method: 'get',
  path: '/docs',
  scope: null,
  operationId: 'getDocs',
  tag: 'pages',
  summary: 'This interface, for reading',
  responses: { 200: { description: 'A page.', content: page }, 304: { description: 'The client has this version.' } },
  handle: ({ request, response }, { pages }) => sendPage(request, response, pages.docs),
});

export const getErrorDocs = defineRoute({
  method: 'get',
  path: '/docs/errors',
  scope: null,
  operationId: 'getErrorDocs',
  tag: 'pages',
  summary: 'Every refusal and what to do about it',
  responses: { 200: { description: 'A page.', content: page }, 304: { description: 'The client has this version.' } },
  handle: ({ request, response }, { pages }) => sendPage(request, response, pages.errors),
});
