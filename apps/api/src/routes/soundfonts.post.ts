import { z } from 'zod';
import { sendJson } from '../http/send-json.js';
import { acceptSoundFont } from '../sounds/fonts/accept-sound-font.js';
import { receivingProblems } from '../sounds/uploads/receive-file.js';
import { uploadName } from '../sounds/uploads/upload-name.js';
import { defineRoute } from './route.js';
import { soundFontSchema } from './soundfonts.get.js';

export const uploadSoundFont = defineRoute({
  method: 'post',
  path: '/v1/soundfonts',
  scope: 'admin',
  operationId: 'uploadSoundFont',
  tag: 'server',
  summary: 'Offer another sound font',
  description:
    'The body is the file. It is read from end to end, with bounds on time and memory, before it is offered to anybody.',
  query: z.strictObject({
    name: uploadName.describe('What it is going to be called; without an extension.'),
  }),
  body: {
    description: 'An SF2, SF3 or DLS file.',
    content: { 'application/octet-stream': { schema: null } },
  },
  responses: {
    201: {
      description: 'The font, as it is offered now.',
      content: { 'application/json': { schema: soundFontSchema } },
      headers: { Location: 'Where all fonts are listed.' },
    },
  },
  problems: [...receivingProblems, 'soundfont-unreadable', 'soundfont-exists', 'uploads-off'],
  async handle({ request, response, query: { name } }, service) {
    const font = await acceptSoundFont(request, response, name, service);
    response.setHeader('Location', '/v1/soundfonts');
    sendJson(response, 201, font);
  },
});
