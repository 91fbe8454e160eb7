import { z } from 'zod';

const noteName = z
  .string()
  .regex(
    /^(?:[CcDdFfGgAa][Ss]?|[EeBb])$/,
    'must be one of C, Cs, D, Ds, E, F, Fs, G, Gs, A, As, B (s is sharp; write a flat as the sharp below it)',
  )
  .describe('C, Cs, D, Ds, E, F, Fs, G, Gs, A, As or B in any case; s means sharp.');
const octave = z.int().min(0).max(20).describe('C of octave 5 is middle C (key 60) unless the options say otherwise.');

/** A note by name and octave. */
export const songNoteSchema = z
  .object({ Name: noteName, Octave: octave })
  .describe('A pitch, or a drum in a drums track.');
const laterNoteSchema = z.object({ name: noteName, octave }).describe('The spelling of songs written since 2023.');

const eventFields = {
  Beat: z.number().min(-1e7).max(1e7).default(0).describe('Start in beats within the bar; may lie outside the bar.'),
  Duration: z.number().min(0).max(1e7).default(1).describe('Length in beats; 0 is struck and released at once.'),
  Velocity: z.number().min(0).max(127).default(60).describe('Loudness: amplitude is velocity / 100.'),
};

/** The fields of a sound event but for its note, whose keys are read in any case. */
export const songEventSchema = z.object(eventFields);

/** The fields of a track but for its bars. */
export const songTrackSchema = z.object({
  Name: z.string().default('Untitled'),
  Instrument: z
    .union(
      [z.string().max(200), z.int().min(0).max(127)],
      'must be an instrument name of at most 200 characters or a program number from 0 to 127',
    )
    .default('')
    .describe('Catalogue name, General MIDI name or program number 0-127.'),
  IsDrumsTrack: z.boolean().default(false).describe('Heights are drum keys: C3 (36) is the bass drum.'),
  BankUsed: z.int().min(0).max(16383).default(0).describe('Bank of the sound font.'),
});

/** The fields of a song but for its tracks. */
export const songHeadSchema = z.object({
  Tempo: z.number().min(0.01).max(100_000).default(80).describe('Beats per minute.'),
  BeatsPerBar: z.number().min(0.001).max(10_000).default(4).describe('Beats in every bar; need not be whole.'),
});

/** A MusiStrata song, in either of the two shapes that were ever written. Unknown keys are ignored and reported. */
export const songSchema = songHeadSchema
  .extend({
    Tracks: z.array(
      songTrackSchema.extend({
        Bars: z
          .array(
            z.object({
              SoundEvents: z
                .array(z.object({ ...eventFields, Note: z.union([songNoteSchema, laterNoteSchema]) }))
                .default([])
                .describe('In any order; may overlap.'),
            }),
          )
          .default([])
          .describe('Bar k, counted from 0, starts at beat k x BeatsPerBar.'),
      }),
    ),
  })
  .describe('A MusiStrata song.');

/** A song as it may be written: fields with defaults can be left out. */
export type Song = z.input<typeof songSchema>;
