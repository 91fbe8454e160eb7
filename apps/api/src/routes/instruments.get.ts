import { z } from 'zod';
import { sendTaggedJson } from '../http/send-json.js';
import { defineRoute } from './route.js';
import { presetSchema } from './soundfonts.get.js';

export const instrumentListSchema = z
  .object({
    instruments: z.array(
      z.object({
        name: z.string().describe('Case, spaces and punctuation do not matter.'),
        kind: z.enum(['soundfont', 'samples', 'formula', 'layers']),
        origin: z
          .enum(['general-midi', 'drum-kit', 'sound-font', 'samples-folder', 'catalogue', 'built-in', 'substitute'])
          .describe('Where the name comes from; a substitute is an old name that another instrument stands in for.'),
        group: z.string().nullable().describe('Family of General MIDI instruments, or name of the sound font.'),
        preset: presetSchema.nullable(),
      }),
    ),
  })
  .describe('Every name that a score or a request can use.');

export const listInstruments = defineRoute({
  method: 'get',
  path: '/v1/instruments',
  scope: 'read',
  operationId: 'listInstruments',
  tag: 'server',
  summary: 'Instruments by name',
  query: z.strictObject({ search: z.string().max(200).optional().describe('Only names that contain this.') }),
  responses: {
    200: { description: 'The instruments.', content: { 'application/json': { schema: instrumentListSchema } } },
    304: { description: 'Nothing has changed since If-None-Match.' },
  },
  async handle({ request, response, query: { search } }, { sounds }) {
    await sounds.look();
    const wanted = search?.toLowerCase() ?? '';
    const { instruments } = sounds.catalogue.list();
    sendTaggedJson(request, response, {
      instruments: instruments.filter(({ name }) => name.toLowerCase().includes(wanted)),
    });
  },
});
