import { sendPage } from '../pages/send-page.js';
import { answerWithDemo } from './demo.get.js';
import { defineRoute } from './route.js';

export const getHome = defineRoute({
  method: 'get',
  path: '/',
  scope: null,
  operationId: 'getHome',
  tag: 'pages',
  summary: 'The web page for browsers, the demo for everybody else',
  description:
    'A client that asks for text/html gets a page to render scores with; any other gets the demo as the attachment t1.wav.',
  responses: {
    200: {
      description: 'The page, or the demo.',
      content: { 'text/html': { schema: null }, 'audio/wav': { schema: null } },
    },
    206: { description: 'The ranges of the demo asked for.', content: { 'audio/wav': { schema: null } } },
    304: { description: 'The client has this version.' },
  },
  problems: ['render-unfinished', 'render-failed', 'precondition-failed', 'range-not-satisfiable'],
  async handle({ request, response }, service) {
    response.vary('Accept');
    if (request.accepts(['audio/wav', 'text/html']) === 'text/html') sendPage(request, response, service.pages.home);
    else await answerWithDemo(request, response, service);
  },
});
