import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from '../problems/problem.js';
import { evaluatePreconditions } from './preconditions.js';

// Bodies are handed over as text: Node sends text together with the headers in one write, bytes in two.

/** Answers with JSON as it is now. */
export function sendJson(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  const text = JSON.stringify(body);
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status).end(text);
}

/**
 * Answers with JSON that a client may keep and ask about: entity tag and conditional requests.
 * @throws Problem precondition-failed.
 */
export function sendTaggedJson(request: IncomingMessage, response: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  response.setHeader('ETag', etag);
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-cache');
  const precondition = evaluatePreconditions(request.headers, { etag });
  if (precondition === 'failed') throw Problem.preconditionFailed();
  if (precondition === 'not-modified') {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.writeHead(200).end(text);
}
