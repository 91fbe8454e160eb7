import { z } from 'zod';
import { sendTaggedJson } from '../http/send-json.js';
import { defineRoute } from './route.js';

export const presetSchema = z.object({ bank: z.int(), program: z.int().describe('0-127.'), percussion: z.boolean() });

export const soundFontSchema = z.object({
  name: z.string().describe('For the option soundFont.'),
  bytes: z.int(),
  default: z.boolean().describe('Plays General MIDI names and program changes unless a request names another font.'),
  presets: z.array(presetSchema.extend({ name: z.string() })),
});

export const soundFontListSchema = z.object({ soundFonts: z.array(soundFontSchema) }).describe('Sound fonts.');

export const listSoundFonts = defineRoute({
  method: 'get',
  path: '/v1/soundfonts',
  scope: 'read',
  operationId: 'listSoundFonts',
  tag: 'server',
  summary: 'Sound fonts by name, with their presets',
  responses: {
    200: { description: 'The fonts.', content: { 'application/json': { schema: soundFontListSchema } } },
    304: { description: 'Nothing has changed since If-None-Match.' },
  },
  async handle({ request, response }, { sounds }) {
    await sounds.look();
    sendTaggedJson(request, response, { soundFonts: sounds.catalogue.list().soundFonts });
  },
});
