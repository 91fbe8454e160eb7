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
const fileHeaders = {
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

/** What a request for a file of a render is answered with when it is there. */
export function fileResponses(kind: keyof typeof mediaTypes) {
  return {
    200: { description: 'The whole file.', content: fileContent(kind), headers: fileHeaders },
    206: { description: 'The ranges asked for; several come as multipart/byteranges.', content: fileContent(kind) },
    304: { description: 'The client has this version.' },
  };
}

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
