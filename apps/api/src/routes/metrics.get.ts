import { defineRoute } from './route.js';

export const getMetrics = defineRoute({
  method: 'get',
  path: '/metrics',
  scope: 'read',
  operationId: 'getMetrics',
  tag: 'server',
  summary: 'Figures for Prometheus',
  description: 'With keys, Prometheus needs one with the scope read (authorization in its scrape configuration).',
  responses: { 200: { description: 'Text exposition format.', content: { 'text/plain': { schema: null } } } },
  async handle({ response }, { metrics }) {
    const text = await metrics.registry.metrics();
    response.setHeader('Content-Type', metrics.registry.contentType);
    response.setHeader('Content-Length', Buffer.byteLength(text));
    response.setHeader('Cache-Control', 'no-store');
    response.writeHead(200).end(text);
  },
});
