import { z } from 'zod';

const key = z.int().min(0).max(127);
const velocity = z.int().min(1).max(127);

const layer = z.strictObject({
  instrument: z
    .union([z.string().min(1).max(200), key])
    .describe('Name of another instrument of the catalogue, layered ones included, or a General MIDI program number.'),
  gainDb: z.number().min(-96).max(24).default(0),
  pan: z.number().min(0).max(1).default(0.5).describe('0 left, 0.5 centre, 1 right.'),
  transpose: z.int().min(-48).max(48).default(0).describe('Semitones.'),
  detuneCents: z.number().min(-1200).max(1200).default(0),
  delaySeconds: z.number().min(0).max(10).default(0),
  lowKey: key.default(0).describe('Keys outside the range do not sound; keys as written, before transposition.'),
  highKey: key.default(127),
  lowVelocity: velocity.default(1),
  highVelocity: velocity.default(127),
});

/** An instrument made of others that sound together. */
export const layersDefinitionSchema = z
  .strictObject({
    type: z.literal('layers'),
    name: z.string().min(1).max(200),
    layers: z.array(layer).min(1).max(16),
  })
  .describe('Instruments that sound together.');

export type LayersDefinition = z.output<typeof layersDefinitionSchema>;
export type LayerDefinition = z.output<typeof layer>;
