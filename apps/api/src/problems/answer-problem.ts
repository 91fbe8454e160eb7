import type { ServerResponse } from 'node:http';
import { Problem } from './problem.js';
import { problemDocument, problemType } from './problem-document.js';
import { queueProblem } from './queue-problems.js';

/** Answers with a problem document; a body that has begun is cut off instead, so that it never looks whole. */
export function answerProblem(response: ServerResponse, problem: Problem, instance: string, requestId?: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const text = JSON.stringify(problemDocument(problem, instance, requestId));
  for (const name of [
    'ETag',
    'Last-Modified',
    'Content-Disposition',
    'Accept-Ranges',
    'Content-Encoding',
    'Content-Range',
  ])
    response.removeHeader(name);
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', problemType);
  response.setHeader('Content-Language', 'en');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.writeHead(problem.status).end(text);
}

/** The problem behind anything that was thrown. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof URIError) return Problem.malformedUrl();
  return queueProblem(error) ?? Problem.internalError(error);
}
