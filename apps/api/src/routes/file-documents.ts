import type { ProblemCode } from '../problems/codes.js';
import type { Content } from './route.js';

const mediaTypes = {
  audio: ['audio/wav', 'audio/flac', 'audio/mpeg', 'audio/ogg'],
  json: ['application/json'],
  midi: ['audio/midi'],
} as const;

/** The media types that a file comes in. */
export function fileContent(kind: keyof typeof mediaTypes): NonNullable<Content['content']> {
  return Object.fromEntries(mediaTypes[kind].map((type) => [type, { schema: null }]));
}

/** Headers of every file. */
export const fileHeaders = {
  ETag: 'SHA-256 of the file: a strong validator.',
  'Accept-Ranges': 'bytes',
  'Content-Disposition': 'A good name for the file (RFC 6266).',
  'Cache-Control': 'Finished files never change.',
};

/** The audio lies in a storage that clients can reach by themselves. */
export const redirected = {
  description: 'The file is to be had from the storage (AUDIO_REDIRECT): the address works for 15 minutes.',
  headers: { Location: 'Address in the storage.' },
};

/** Refusals of every file. */
export const fileProblems: readonly ProblemCode[] = [
  'render-not-found',
  'render-file-not-found',
  'render-unfinished',
  'render-failed',
  'render-canceled',
  'render-gone',
  'precondition-failed',
  'range-not-satisfiable',
  'link-invalid',
];
