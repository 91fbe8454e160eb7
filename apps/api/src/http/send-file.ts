import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { Problem } from '../problems/problem.js';
import { multipartRanges, type Range, requestedRanges } from './byte-ranges.js';
import { deliver } from './deliver.js';
import { contentDisposition } from './file-name.js';
import { evaluatePreconditions, ifRangeHolds } from './preconditions.js';

/** A finished, immutable file and how to read it. */
export interface SentFile {
  readonly bytes: number;
  readonly contentType: string;
  /** Of the whole file, hex; becomes the strong entity tag. */
  readonly sha256: string;
  readonly lastModified?: Date;
  /** As the client should call it; null sends no Content-Disposition. */
  readonly name: string | null;
  readonly disposition: 'inline' | 'attachment';
  readonly cacheControl: string;
  read(range?: Range): Promise<Readable>;
  /** Where a GET without conditions is sent instead; null answers with the bytes. */
  elsewhere?(): Promise<string | null>;
}

/**
 * Answers with a file: validators, preconditions, single and multiple ranges (RFC 9110 sections 13 and 14).
 * Conditions and ranges count for GET and HEAD only; the answer to a submission is the whole file.
 * Resolves when the answer is sent or the client has left.
 * @throws Problem before anything is sent.
 */
export async function sendFile(request: IncomingMessage, response: ServerResponse, file: SentFile): Promise<void> {
  const validators = {
    etag: `"${file.sha256}"`,
    ...(file.lastModified === undefined ? {} : { lastModified: file.lastModified }),
  };
  response.setHeader('ETag', validators.etag);
  response.setHeader('Cache-Control', file.cacheControl);
  response.setHeader('Accept-Ranges', 'bytes');
  if (file.lastModified) response.setHeader('Last-Modified', file.lastModified.toUTCString());
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const precondition = reads ? evaluatePreconditions(request.headers, validators) : 'proceed';
  if (precondition === 'failed') throw Problem.preconditionFailed();
  if (precondition === 'not-modified') {
    response.writeHead(304).end();
    return;
  }
  const elsewhere = isPlainGet(request) ? await file.elsewhere?.() : null;
  if (elsewhere) {
    // The address is good for minutes only, and the storage has entity tags of its own.
    for (const name of ['ETag', 'Last-Modified', 'Accept-Ranges']) response.removeHeader(name);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Location', elsewhere);
    response.writeHead(307).end();
    return;
  }
  if (file.name !== null) response.setHeader('Content-Disposition', contentDisposition(file.name, file.disposition));

  // Range is defined for GET only (RFC 9110 section 14.2); HEAD reports the whole file.
  const wanted =
    request.method === 'GET' && ifRangeHolds(request.headers, validators)
      ? requestedRanges(request.headers.range, file.bytes)
      : null;
  if (wanted === null) {
    response.setHeader('Content-Type', file.contentType);
    response.setHeader('Content-Length', file.bytes);
    if (request.method === 'HEAD') {
      response.writeHead(200).end();
      return;
    }
    const stream = await file.read();
    response.writeHead(200);
    await deliver(stream, response, true);
  } else if (wanted.length === 1) {
    const range = wanted[0]!;
    const stream = await file.read(range);
    response.setHeader('Content-Type', file.contentType);
    response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${file.bytes}`);
    response.setHeader('Content-Length', range.end - range.start + 1);
    response.writeHead(206);
    await deliver(stream, response, true);
  } else {
    const boundary = randomUUID();
    const body = multipartRanges(wanted, file.bytes, file.contentType, boundary);
    const first = await file.read(wanted[0]!);
    response.setHeader('Content-Type', `multipart/byteranges; boundary=${boundary}`);
    response.setHeader('Content-Length', body.length);
    response.writeHead(206);
    for (const [index, part] of body.parts.entries()) {
      response.write(part.head);
      const stream = index === 0 ? first : await file.read(part.range);
      if (!(await deliver(stream, response, false))) return;
    }
    response.end(body.close);
  }
}

/** A GET whose conditions, repeated at the storage, would not be compared with its other entity tags. */
function isPlainGet({ method, headers }: IncomingMessage): boolean {
  const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'];
  return method === 'GET' && !conditions.some((name) => name in headers);
}
