import { z } from 'zod';
import { sendJson } from '../http/send-json.js';
import { acceptSamples } from '../sounds/samples/accept-samples.js';
import { samplesSchema } from '../sounds/samples/describe-samples.js';
import { receivingProblems } from '../sounds/uploads/receive-file.js';
import { uploadName } from '../sounds/uploads/upload-name.js';
import { defineRoute } from './route.js';

export const acceptedSamplesSchema = samplesSchema.extend({
  ignored: z
    .array(z.string())
    .describe('Files of the archive that were left out because no instrument can use them; the first 100.'),
});

export const uploadSamples = defineRoute({
  method: 'post',
  path: '/v1/samples',
  scope: 'admin',
  operationId: 'uploadSamples',
  tag: 'server',
  summary: 'Offer another sample instrument',
  description:
    'The body is a ZIP archive of what a sample folder holds: WAV files, with an instrument.json or named by key, or an SFZ file with its samples, at the top or all in one folder. ' +
    'Every sample is read to its end, with bounds on time and memory, before the instrument is offered to anybody.',
  query: z.strictObject({
    name: uploadName.describe('What it is going to be called. Several SFZ files are instruments of their own names.'),
  }),
  body: {
    description: 'A ZIP archive with stored or deflated files; ZIP64 too.',
    content: { 'application/zip': { schema: null }, 'application/octet-stream': { schema: null } },
  },
  responses: {
    201: {
      description: 'The samples, as they are offered now.',
      content: { 'application/json': { schema: acceptedSamplesSchema } },
      headers: { Location: 'Where all samples are listed.' },
    },
  },
  problems: [...receivingProblems, 'samples-unreadable', 'instrument-exists', 'uploads-off'],
  async handle({ request, response, query: { name } }, service) {
    const samples = await acceptSamples(request, response, name, service);
    response.setHeader('Location', '/v1/samples');
    sendJson(response, 201, samples);
  },
});
