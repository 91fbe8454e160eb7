import { createWriteStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openBody } from '../../intake/body.js';
import type { ProblemCode } from '../../problems/codes.js';
import { Problem } from '../../problems/problem.js';

/** What an upload is called in refusals, and how much of it is taken. */
export interface Expected {
  /** As in "The sound font is larger than ...". */
  readonly name: string;
  readonly limitBytes: number;
}

/** What {@link receiveFile} may refuse. */
export const receivingProblems: readonly ProblemCode[] = [
  'body-too-large',
  'body-missing',
  'body-incomplete',
  'malformed-encoding',
  'encoding-unsupported',
];

/**
 * Streams the body of a request to a new file.
 * @throws Problem of {@link receivingProblems}; the file is to be removed then
 */
export async function receiveFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  { name, limitBytes }: Expected,
): Promise<void> {
  const body = openBody(request, response, limitBytes);
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limitBytes) done(Problem.bodyTooLarge(`The ${name}`, limitBytes));
      else done(null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: 'wx', mode: 0o644 });
  await pipeline(body, counter, file).catch((error: unknown) => {
    throw bodyProblem(error, request);
  });
  if (bytes === 0) throw Problem.bodyMissing(`the ${name}`);
}

/** Why a body did not become a file: the disk, the client that left, or a content encoding that is none. */
function bodyProblem(error: unknown, request: IncomingMessage): unknown {
  if (error instanceof Problem || typeof error !== 'object' || error === null) return error;
  const code = 'code' in error ? String(error.code) : '';
  // Codes of zlib and Brotli.
  if (/^(?:Z_|ERR__ERROR)/.test(code)) return Problem.malformedEncoding(request.headers['content-encoding'] ?? '');
  return 'syscall' in error && error.syscall !== 'read' ? error : Problem.bodyIncomplete();
}
