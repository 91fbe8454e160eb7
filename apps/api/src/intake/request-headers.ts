import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from '../problems/problem.js';
import { Problem } from '../problems/problem.js';

export interface SubmissionHeaders {
  readonly idempotencyKey: string | null;
  readonly cancelAfterSeconds: number | null;
}

const units = { s: 1, m: 60, h: 3600 } as const;
const longestCancelAfter = 7 * 86_400;

/**
 * Reads what a submission says in headers of its own.
 * @throws Problem parameters-invalid.
 */
export function submissionHeaders(headers: IncomingHttpHeaders): SubmissionHeaders {
  const faults: Fault[] = [];
  const idempotencyKey = single(headers['idempotency-key']);
  if (idempotencyKey !== null && !/^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(idempotencyKey))
    faults.push({ header: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' });
  const text = single(headers['cancel-after']);
  const [, amount, unit] = /^(\d{1,7})\s*([smh]?)$/.exec(text ?? '') ?? [];
  const cancelAfterSeconds = amount === undefined ? null : Number(amount) * units[(unit || 's') as keyof typeof units];
  if (
    text !== null &&
    (cancelAfterSeconds === null || cancelAfterSeconds < 1 || cancelAfterSeconds > longestCancelAfter)
  )
    faults.push({ header: 'Cancel-After', message: 'must be a time such as 90, 90s, 5m or 2h, at most 7 days' });
  if (faults.length > 0) throw Problem.parametersInvalid(faults);
  // The draft writes the key as a quoted string; most clients send it bare: both mean the same.
  return { idempotencyKey: idempotencyKey?.replace(/^"(.*)"$/, '$1') ?? null, cancelAfterSeconds };
}

const single = (value: string | string[] | undefined): string | null =>
  value === undefined ? null : Array.isArray(value) ? value.join(', ') : value.trim();
