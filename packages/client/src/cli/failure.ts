import { MusistrataError } from '../error.js';
import { UsageError } from './usage-error.js';

/** What a command ends with. Documented in docs/client.md. */
export const EXIT = { done: 0, machine: 1, usage: 2, refused: 3, service: 4, failed: 5 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** A failure in the words of the command line. */
export interface Failure {
  readonly exit: ExitStatus;
  /** Stable, as in docs/errors.md. */
  readonly code: string;
  readonly message: string;
  readonly errors: readonly { readonly pointer?: string; readonly message: string }[];
}

const OUTCOMES = new Set(['render-failed', 'render-canceled', 'render-gone', 'render-expired']);
/** Refusals by the service that say nothing about the score. */
const NOT_THE_SCORE = new Set([401, 403, 404, 405, 408, 421, 429]);

export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { exit: EXIT.usage, code: 'usage', message: error.message, errors: [] };
  if (error instanceof MusistrataError) {
    const { code, message, status, errors } = error;
    return { exit: exitOf(code, status), code, message, errors: errors.map(readable) };
  }
  if (isRefusal(error)) {
    const { code, message, errors } = error;
    return { exit: EXIT.refused, code, message, errors: errors.map(readable) };
  }
  const system = systemMessage(error);
  if (system) return { exit: system.isInput ? EXIT.refused : EXIT.machine, ...system, errors: [] };
  return {
    exit: EXIT.machine,
    code: 'internal-error',
    message: String((error as Partial<Error> | null)?.message ?? error),
    errors: [],
  };
}

/** A failure as lines of text: what, and every place with its fault. */
export function failureText(label: string | null, { code, message, errors }: Failure): string {
  const named = label === null || message.startsWith(`${label}: `) ? message : `${label}: ${message}`;
  const head = `musistrata-render: ${named}${code === 'usage' ? '' : ` [${code}]`}\n`;
  // A fault of the whole has no place, and the message has said it.
  const places = errors.filter(({ pointer, message: fault }) => pointer || fault !== message);
  return head + places.map((fault) => `  ${fault.pointer || '(the score)'}: ${fault.message}\n`).join('');
}

function exitOf(code: string, status: number | null): ExitStatus {
  if (OUTCOMES.has(code)) return EXIT.failed;
  if (status === null || status >= 500 || status < 400 || NOT_THE_SCORE.has(status)) return EXIT.service;
  return EXIT.refused;
}

interface RefusalLike {
  readonly code: string;
  readonly message: string;
  readonly errors: readonly FaultLike[];
}

/** Refusals of render-core are told by what they carry: some have crossed a thread. */
function isRefusal(error: unknown): error is RefusalLike {
  const { code, message, errors } = (error ?? {}) as Partial<RefusalLike>;
  return typeof code === 'string' && typeof message === 'string' && Array.isArray(errors);
}

interface FaultLike {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly message: string;
}

function readable({ pointer, parameter, header, message }: FaultLike) {
  const place = pointer ?? parameter ?? header;
  return place === undefined ? { message } : { pointer: place, message };
}

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'not allowed',
  EISDIR: 'is a folder',
  ENOSPC: 'no space left',
  EROFS: 'cannot be written to',
};

function systemMessage(error: unknown): { code: string; message: string; isInput: boolean } | null {
  const { code, syscall, path, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code === undefined || syscall === undefined) return null;
  const isInput = ['open', 'read', 'stat'].includes(syscall) && ['ENOENT', 'EISDIR', 'EACCES'].includes(code);
  const place = path === undefined ? '' : `${path}: `;
  return { code: code.toLowerCase(), message: `${place}${SYSTEM[code] ?? message}`, isInput };
}
