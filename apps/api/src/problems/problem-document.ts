import { z } from 'zod';
import type { Problem } from './problem.js';

/** Media type of every refusal (RFC 9457). */
export const problemType = 'application/problem+json';

export const problemSchema = z
  .object({
    type: z.string().describe('Address of the explanation.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What failed, why, and what to do about it.'),
    code: z.string().describe('Stable; see docs/errors.md.'),
    instance: z.string().describe('Path of the request.'),
    requestId: z.string().optional(),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().describe('JSON pointer (RFC 6901) into the body.'),
          parameter: z.string().optional().describe('Query parameter.'),
          header: z.string().optional(),
          message: z.string(),
        }),
      )
      .optional()
      .describe('Everything that is wrong, all at once.'),
  })
  .describe('A refusal (RFC 9457).');
export type ProblemDocument = z.output<typeof problemSchema>;

/** The document that answers a request to `instance` with a problem. */
export function problemDocument(problem: Problem, instance: string, requestId?: string): ProblemDocument {
  return {
    type: `/docs/errors#${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    instance,
    ...(requestId === undefined ? {} : { requestId }),
    ...(problem.errors === undefined ? {} : { errors: [...problem.errors] }),
  };
}
