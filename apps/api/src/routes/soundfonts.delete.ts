import { z } from 'zod';
import { removeSoundFont } from '../sounds/fonts/remove-sound-font.js';
import { defineRoute } from './route.js';

export const deleteSoundFont = defineRoute({
  method: 'delete',
  path: '/v1/soundfonts/{name}',
  scope: 'admin',
  operationId: 'deleteSoundFont',
  tag: 'server',
  summary: 'Remove a sound font from the folder of sound fonts',
  description:
    'Neither the default font nor those of the system can be removed. Finished renders stay as they are; those that are under way may fail. Removing what is not there does nothing.',
  params: z.object({ name: z.string().min(1).max(200).describe('As /v1/soundfonts lists it.') }),
  responses: { 204: { description: 'It is not there.' } },
  problems: ['sound-not-removable'],
  async handle({ response, params: { name } }, service) {
    await removeSoundFont(name, service);
    response.writeHead(204).end();
  },
});
