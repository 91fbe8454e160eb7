import { z } from 'zod';
import { removeSamples } from '../sounds/samples/remove-samples.js';
import { defineRoute } from './route.js';

export const deleteSamples = defineRoute({
  method: 'delete',
  path: '/v1/samples/{name}',
  scope: 'admin',
  operationId: 'deleteSamples',
  tag: 'server',
  summary: 'Remove samples from the samples folder',
  description:
    'Finished renders stay as they are; those that are under way may fail. Removing what is not there does nothing.',
  params: z.object({ name: z.string().min(1).max(200).describe('Of the folder, as /v1/samples lists it.') }),
  responses: { 204: { description: 'They are not there.' } },
  problems: ['sound-not-removable'],
  async handle({ response, params: { name } }, service) {
    await removeSamples(name, service);
    response.writeHead(204).end();
  },
});
