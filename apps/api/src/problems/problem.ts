import { type ProblemCode, problemKinds } from './codes.js';
import { type Fault, faultSummary } from './fault.js';

export type { Fault } from './fault.js';

export interface ProblemExtras {
  readonly errors?: readonly Fault[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A refusal (RFC 9457). Owns its status, stable code and public message; thrown anywhere below a route, answered in one place. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly errors: readonly Fault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    /** What failed, why, and what to do about it. */
    detail: string,
    extras: ProblemExtras = {},
  ) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.status = problemKinds[code].status;
    this.title = problemKinds[code].title;
    this.errors = extras.errors;
    this.headers = extras.headers ?? {};
  }

  static malformedRequest(why: string): Problem {
    return new Problem('malformed-request', `The request breaks HTTP: ${why}.`);
  }

  static malformedJson(why: string): Problem {
    return new Problem('malformed-json', `The body is not JSON: ${why}.`);
  }

  static malformedMultipart(why: string): Problem {
    return new Problem('malformed-multipart', `The multipart body cannot be read: ${why}.`);
  }

  static malformedEncoding(encoding: string): Problem {
    return new Problem('malformed-encoding', `The body is not valid ${encoding}.`);
  }

  static malformedUrl(): Problem {
    return new Problem('malformed-url', 'The URL has a percent-encoding that is not UTF-8.');
  }

  static bodyMissing(needs = 'a score'): Problem {
    return new Problem('body-missing', `The request has no body; it needs ${needs}.`);
  }

  static bodyIncomplete(): Problem {
    return new Problem('body-incomplete', 'The connection ended before the whole body had arrived.');
  }

  static parametersInvalid(errors: readonly Fault[]): Problem {
    return new Problem('parameters-invalid', `Some parameters are not valid: ${faultSummary(errors)}.`, { errors });
  }

  /** @param asksBrowser lets a browser ask its user for the key */
  static unauthenticated(why: string, asksBrowser = false): Problem {
    const scheme = asksBrowser ? 'Basic' : 'Bearer';
    return new Problem('unauthenticated', `${why} Send "Authorization: Bearer KEY".`, {
      headers: { 'WWW-Authenticate': `${scheme} realm="musistrata-render"` },
    });
  }

  static forbidden(scope: string): Problem {
    return new Problem('forbidden', `This needs a key with the scope "${scope}".`);
  }

  static hostNotAllowed(host: string): Problem {
    return new Problem('host-not-allowed', `This service is not known as "${host}".`);
  }

  static originNotAllowed(origin: string): Problem {
    return new Problem('origin-not-allowed', `Pages of ${origin} may not change anything here.`);
  }

  static linkInvalid(why: string): Problem {
    return new Problem('link-invalid', `The signed link ${why}. Fetch the render for a fresh one.`);
  }

  static routeNotFound(path: string): Problem {
    return new Problem('route-not-found', `There is nothing at ${path}.`);
  }

  static renderNotFound(id: string): Problem {
    return new Problem('render-not-found', `There is no render "${id}".`);
  }

  static partNotFound(part: string): Problem {
    return new Problem('part-not-found', `The render has no stem "${part}".`);
  }

  static fileNotFound(what: string): Problem {
    return new Problem('render-file-not-found', `The render has no ${what}.`);
  }

  static methodNotAllowed(method: string, path: string, allow: readonly string[]): Problem {
    return new Problem('method-not-allowed', `${path} does not answer ${method}.`, {
      headers: { Allow: allow.join(', ') },
    });
  }

  static notAcceptable(available: readonly string[]): Problem {
    return new Problem('not-acceptable', `The Accept header allows none of ${available.join(', ')}.`);
  }

  static renderUnfinished(status: string, retryAfterSeconds: number): Problem {
    return new Problem('render-unfinished', `The render is ${status}; its audio does not exist yet.`, {
      headers: retryAfter(retryAfterSeconds),
    });
  }

  static renderFailed(code: string, message: string): Problem {
    return new Problem('render-failed', `The render failed (${code}): ${message}`);
  }

  static renderCanceled(): Problem {
    return new Problem('render-canceled', 'The render was canceled; it has no audio.');
  }

  static idempotencyKeyInUse(): Problem {
    return new Problem(
      'idempotency-key-in-use',
      'The first request with this Idempotency-Key is still being answered.',
      {
        headers: retryAfter(1),
      },
    );
  }

  static renderGone(id: string): Problem {
    return new Problem('render-gone', `The render "${id}" has expired or was deleted.`);
  }

  static preconditionFailed(): Problem {
    return new Problem('precondition-failed', 'If-Match or If-Unmodified-Since does not hold for the current file.');
  }

  static bodyTooLarge(what: string, limitBytes: number): Problem {
    return new Problem('body-too-large', `${what} is larger than the ${limitBytes} bytes this server accepts.`);
  }

  static uriTooLong(limit: number): Problem {
    return new Problem('uri-too-long', `The URL is longer than ${limit} bytes.`);
  }

  static encodingUnsupported(encoding: string): Problem {
    return new Problem('encoding-unsupported', `The content encoding "${encoding}" is not supported.`, {
      headers: { 'Accept-Encoding': 'gzip, deflate, br' },
    });
  }

  static rangeNotSatisfiable(bytes: number): Problem {
    return new Problem('range-not-satisfiable', `The file has ${bytes} bytes; the range lies outside.`, {
      headers: { 'Content-Range': `bytes */${bytes}` },
    });
  }

  static scoreTooComplex(why: string): Problem {
    return new Problem('score-too-complex', `The score could not be read within bounds: ${why}.`);
  }

  static requestInvalid(errors: readonly Fault[]): Problem {
    return new Problem('request-invalid', `Some members of the request are not valid: ${faultSummary(errors)}.`, {
      errors,
    });
  }

  /** @param variable which sets the folder */
  static uploadsOff(what: string, variable: string): Problem {
    return new Problem('uploads-off', `This server has no folder for ${what} (${variable}).`);
  }

  static soundFontExists(name: string): Problem {
    return new Problem('soundfont-exists', `There is a sound font "${name}" already.`);
  }

  static soundFontUnreadable(why: string): Problem {
    return new Problem('soundfont-unreadable', `The sound font cannot be offered: ${why}.`);
  }

  /** @param who has the name, as a sentence */
  static instrumentExists(who: string): Problem {
    return new Problem('instrument-exists', who);
  }

  static samplesUnreadable(why: string): Problem {
    return new Problem('samples-unreadable', `The samples cannot be offered: ${why}.`);
  }

  static soundNotRemovable(name: string, why: string): Problem {
    return new Problem('sound-not-removable', `"${name}" ${why}.`);
  }

  static idempotencyKeyReused(): Problem {
    return new Problem('idempotency-key-reused', 'This Idempotency-Key belongs to another body. Use a new key.');
  }

  static rateLimited(retryAfterSeconds: number): Problem {
    return new Problem('rate-limited', 'This key has sent too many requests.', {
      headers: retryAfter(retryAfterSeconds),
    });
  }

  static tooManyRenders(limit: number, retryAfterSeconds: number): Problem {
    return new Problem('too-many-renders', `This key already has ${limit} unfinished renders.`, {
      headers: retryAfter(retryAfterSeconds),
    });
  }

  static queueFull(waiting: number, retryAfterSeconds: number): Problem {
    return new Problem('queue-full', `${waiting} renders are waiting; the queue takes no more for now.`, {
      headers: retryAfter(retryAfterSeconds),
    });
  }

  static internalError(cause: unknown): Problem {
    return new Problem('internal-error', 'Something went wrong in the service. The request id finds it in the log.', {
      cause,
    });
  }

  static queueUnavailable(cause?: unknown): Problem {
    return new Problem('queue-unavailable', 'The service cannot reach its queue (Redis) right now.', {
      headers: retryAfter(5),
      cause,
    });
  }

  static storageUnavailable(cause?: unknown): Problem {
    return new Problem('storage-unavailable', 'The service cannot reach its storage right now.', {
      headers: retryAfter(5),
      cause,
    });
  }

  static shuttingDown(): Problem {
    return new Problem('shutting-down', 'This process is shutting down.', {
      headers: { ...retryAfter(1), Connection: 'close' },
    });
  }

  static readerBusy(): Problem {
    return new Problem('reader-busy', 'All readers of scores are busy.', { headers: retryAfter(2) });
  }
}

const retryAfter = (seconds: number) => ({ 'Retry-After': String(Math.max(1, Math.ceil(seconds))) });
