import { z } from 'zod';
import { effectSchema } from './effect-options.js';

/** Settings for one part of a score, found by index, name or MIDI channel. */
export const partOptionsSchema = z
  .strictObject({
    part: z
      .union([
        z.int().min(0).max(65535).describe('Index in the score, from 0.'),
        z.string().min(1).max(200).describe('Name in the score.'),
        z.strictObject({ channel: z.int().min(1).max(16), port: z.int().min(0).max(127).default(0) }),
      ])
      .describe('Which part.'),
    instrument: z
      .union([z.string().min(1).max(200), z.int().min(0).max(127).describe('General MIDI program number, from 0.')])
      .optional()
      .describe('Plays this instrument whatever the score asks for.'),
    bank: z.int().min(0).max(16383).optional(),
    soundFont: z.string().min(1).max(200).optional().describe('Takes the part from this sound font.'),
    gainDb: z.number().min(-96).max(24).default(0),
    pan: z.number().min(0).max(1).optional().describe('0 left, 0.5 centre, 1 right; constant power, applied once.'),
    mute: z.boolean().default(false),
    solo: z.boolean().default(false).describe('When any part is solo, only solo parts sound.'),
    reverbSend: z.number().min(0).max(4).default(1).describe('Factor on what the part sends to the score-wide reverb.'),
    chorusSend: z.number().min(0).max(4).default(1),
    effects: z.array(effectSchema).max(16).default([]),
  })
  .describe('Settings for one part.');

export type PartOptions = z.output<typeof partOptionsSchema>;
