import { songSchema } from '@musistrata/render-core';
import { z } from 'zod';
import type { ProblemCode } from '../problems/codes.js';
import { submissionSchema } from '../scores/submission-schema.js';
import type { Content } from './route.js';

/** A bar of C major that needs nothing but a piano. */
export const exampleSong = {
  Tempo: 120,
  BeatsPerBar: 4,
  Tracks: [
    {
      Name: 'Right hand',
      Instrument: 'Acoustic Grand Piano',
      Bars: [
        {
          SoundEvents: [
            { Beat: 0, Duration: 1, Note: { Name: 'C', Octave: 5 }, Velocity: 72 },
            { Beat: 1, Duration: 1, Note: { Name: 'E', Octave: 5 }, Velocity: 60 },
            { Beat: 2, Duration: 2, Note: { Name: 'G', Octave: 5 }, Velocity: 66 },
          ],
        },
      ],
    },
  ],
};

const formSchema = z.object({
  score: z.file().describe('The score. May also be called file.'),
  options: z
    .string()
    .optional()
    .describe('Options as JSON; single options may be fields of their own (`format`, `master.normalize`).'),
  webhook: z.string().optional().describe('As JSON.'),
  metadata: z.string().optional().describe('As JSON.'),
});

/** The ways in which a score can be sent. */
export const scoreBody: Content = {
  description:
    'The score. What it is, is told by its bytes; the content type decides where they leave it open. May be compressed (Content-Encoding: gzip, deflate or br).',
  content: {
    'application/json': {
      schema: z.union([submissionSchema, songSchema]),
      example: { score: exampleSong, options: { format: 'wav', bitDepth: 16 }, metadata: { project: 'demo' } },
    },
    'audio/midi': { schema: null },
    'application/vnd.recordare.musicxml+xml': { schema: null },
    'application/vnd.recordare.musicxml': { schema: null },
    'application/octet-stream': { schema: null },
    'multipart/form-data': { schema: formSchema },
  },
};

/** Refusals of everything that takes a score. */
export const scoreProblems: readonly ProblemCode[] = [
  'malformed-json',
  'malformed-multipart',
  'malformed-encoding',
  'body-missing',
  'body-incomplete',
  'score-unreadable',
  'body-too-large',
  'score-too-large',
  'score-too-long',
  'output-too-large',
  'score-format-unknown',
  'encoding-unsupported',
  'score-invalid',
  'score-too-complex',
  'options-invalid',
  'request-invalid',
  'unknown-instrument',
  'unknown-sound-font',
  'unknown-part',
  'part-set-twice',
  'reader-busy',
];
