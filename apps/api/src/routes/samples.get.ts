import { listSampleSets } from '@musistrata/render-core';
import { z } from 'zod';
import { sendTaggedJson } from '../http/send-json.js';
import { describeSamples, samplesSchema } from '../sounds/samples/describe-samples.js';
import { defineRoute } from './route.js';

export const samplesListSchema = z
  .object({ samples: z.array(samplesSchema) })
  .describe('Sample instruments of the samples folder.');

export const listSamples = defineRoute({
  method: 'get',
  path: '/v1/samples',
  scope: 'read',
  operationId: 'listSamples',
  tag: 'server',
  summary: 'Sample instruments that were uploaded or put into the samples folder',
  responses: {
    200: { description: 'The samples.', content: { 'application/json': { schema: samplesListSchema } } },
    304: { description: 'Nothing has changed since If-None-Match.' },
  },
  async handle({ request, response }, { config }) {
    const sets = config.SAMPLES_DIR === undefined ? [] : await listSampleSets(config.SAMPLES_DIR);
    const samples = [];
    for (const set of sets) samples.push(await describeSamples(set));
    sendTaggedJson(request, response, { samples });
  },
});
