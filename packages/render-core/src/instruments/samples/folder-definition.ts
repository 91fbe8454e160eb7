import { z } from 'zod';

const noteName = /^[A-Ga-g](?:#|s|b)?-?\d{1,2}$/;
const velocity = z.int().min(1).max(127);
const key = z
  .union([z.int().min(-24).max(151), z.string().regex(noteName)])
  .describe('MIDI key number, or a note name such as C#4 or Bb3.');

const sampleEntry = z.strictObject({
  file: z.string().min(1).max(500).describe('WAV file, relative to the folder.'),
  key: key.optional().describe('Key at which it sounds as recorded; by default from its smpl chunk.'),
  lowKey: z
    .int()
    .min(0)
    .max(127)
    .optional()
    .describe('Lowest key that it plays; by default up to half way to its neighbours.'),
  highKey: z.int().min(0).max(127).optional(),
  lowVelocity: velocity.default(1),
  highVelocity: velocity.default(127),
  roundRobin: z.int().min(1).max(64).default(1).describe('Turn among samples of the same key and velocities.'),
  tuneCents: z.number().min(-1200).max(1200).default(0),
  gainDb: z.number().min(-96).max(48).default(0),
  loop: z
    .union([z.literal(false), z.strictObject({ start: z.int().min(0), end: z.int().min(1) })])
    .optional()
    .describe('In frames of the file, end excluded; false plays once. By default the loop of the smpl chunk.'),
});

/** `instrument.json` in a sample folder. Everything is optional. */
export const folderDefinitionSchema = z
  .strictObject({
    attackSeconds: z.number().min(0).max(60).default(0.0005).describe('Linear fade-in of every note.'),
    releaseSeconds: z.number().min(0).max(60).default(0.5).describe('Linear fade-out after the key is let go.'),
    normalize: z.boolean().default(false).describe('Brings the peak of every sample to full scale.'),
    gainDb: z.number().min(-96).max(48).default(0),
    tuneCents: z.number().min(-1200).max(1200).default(0),
    loop: z.boolean().default(true).describe('Uses the loop points of the samples.'),
    middleC: z.enum(['C3', 'C4', 'C5']).default('C4').describe('What note names call key 60.'),
    samples: z.array(sampleEntry).min(1).max(4096).optional().describe('By default every WAV file, by its name.'),
  })
  .describe('How a folder of samples is played.');

export type FolderDefinition = z.output<typeof folderDefinitionSchema>;
export type SampleEntry = z.output<typeof sampleEntry>;
