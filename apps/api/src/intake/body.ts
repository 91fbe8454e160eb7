import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Problem } from '../problems/problem.js';

const decoders = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/**
 * The body as it was before its content encoding, still flowing. Announced sizes are checked before a byte is asked for;
 * a client that waits for `100 Continue` gets it only then.
 * @throws Problem body-too-large, body-incomplete, encoding-unsupported.
 */
export function openBody(request: IncomingMessage, response: ServerResponse, limitBytes: number): Readable {
  // The client has left already: nothing will tell of it any more.
  if (request.destroyed) throw Problem.bodyIncomplete();
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw Problem.bodyTooLarge('The body', limitBytes);
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && !Object.hasOwn(decoders, encoding)) throw Problem.encodingUnsupported(encoding);
  if (request.headers.expect !== undefined) response.writeContinue();
  if (encoding === 'identity') return request;
  const decoder = decoders[encoding as keyof typeof decoders]();
  request.on('error', (error) => decoder.destroy(error));
  request.on('aborted', () => decoder.destroy(Problem.bodyIncomplete()));
  decoder.on('error', () => request.unpipe(decoder));
  return request.pipe(decoder);
}

/**
 * Reads a whole body of at most `limitBytes` bytes, counted before and after its content encoding is undone.
 * @throws Problem body-too-large, body-incomplete, malformed-encoding, encoding-unsupported.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limitBytes: number,
): Promise<Buffer> {
  const body = openBody(request, response, limitBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const fail = (problem: Problem) => {
      body.removeAllListeners('data');
      if (body !== request) {
        request.unpipe();
        body.destroy();
      }
      request.pause();
      reject(problem);
    };
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes)
        fail(Problem.bodyTooLarge(body === request ? 'The body' : 'The inflated body', limitBytes));
      else chunks.push(chunk);
    });
    body.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)));
    body.once('error', (error) => {
      if (error instanceof Problem) fail(error);
      else if (body === request) fail(Problem.bodyIncomplete());
      else fail(Problem.malformedEncoding(String(request.headers['content-encoding'])));
    });
    request.once('aborted', () => fail(Problem.bodyIncomplete()));
  });
}
