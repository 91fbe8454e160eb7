/** Base of everything that the queue refuses; `code` is stable and documented in docs/errors.md. */
export abstract class RenderQueueError extends Error {
  abstract readonly code: string;
}

/** 404: no render has or had this id. */
export class RenderNotFoundError extends RenderQueueError {
  override readonly name = 'RenderNotFoundError';
  readonly code = 'render-not-found';

  constructor(readonly id: string) {
    super('There is no render with this id.');
  }
}

/** 410: there was such a render; it expired or was deleted. */
export class RenderGoneError extends RenderQueueError {
  override readonly name = 'RenderGoneError';
  readonly code = 'render-gone';

  constructor(readonly id: string) {
    super('This render has expired or was deleted.');
  }
}

/** 409: the render has no files (yet): it waits, runs, failed or was canceled. */
export class RenderNotReadyError extends RenderQueueError {
  override readonly name = 'RenderNotReadyError';
  readonly code = 'render-not-ready';

  constructor(
    readonly id: string,
    readonly status: 'queued' | 'rendering' | 'failed' | 'canceled',
    /** Seconds until it is finished, by the measured speed; null when that is unknown, or will never be. */
    readonly estimatedSeconds: number | null,
  ) {
    super(`The render is ${status} and has no files.`);
  }
}

/** 404: the render succeeded but has no such file (stems were not asked for, no such part). */
export class RenderFileNotFoundError extends RenderQueueError {
  override readonly name = 'RenderFileNotFoundError';
  readonly code = 'render-file-not-found';

  constructor(
    readonly id: string,
    readonly file: string,
  ) {
    super(`The render has no ${file}.`);
  }
}

/** 429: as many renders wait as this server lets wait. */
export class QueueFullError extends RenderQueueError {
  override readonly name = 'QueueFullError';
  readonly code = 'queue-full';

  constructor(
    readonly maxQueued: number,
    /** When, by the measured speed, the next place becomes free; at least 1. */
    readonly retryAfterSeconds: number,
  ) {
    super(`${maxQueued} renders are waiting already, which is the limit of this server.`);
  }
}

/** 429: this tenant has as many unfinished renders as one tenant may have. */
export class TenantBusyError extends RenderQueueError {
  override readonly name = 'TenantBusyError';
  readonly code = 'too-many-renders';

  constructor(
    readonly tenantMaxUnfinished: number,
    readonly retryAfterSeconds: number,
  ) {
    super(`You have ${tenantMaxUnfinished} unfinished renders, which is the limit for one key.`);
  }
}

/** 422: the Idempotency-Key was used before with another request. */
export class IdempotencyConflictError extends RenderQueueError {
  override readonly name = 'IdempotencyConflictError';
  readonly code = 'idempotency-key-reused';

  constructor() {
    super('This Idempotency-Key was used before for a different request.');
  }
}

/** 409: the first request with this Idempotency-Key is still being accepted; retry in a second. */
export class IdempotencyPendingError extends RenderQueueError {
  override readonly name = 'IdempotencyPendingError';
  readonly code = 'idempotency-key-in-use';

  constructor() {
    super('The first request with this Idempotency-Key is still being worked on.');
  }
}

/** 503: Redis does not answer. */
export class QueueUnavailableError extends RenderQueueError {
  override readonly name = 'QueueUnavailableError';
  readonly code = 'queue-unavailable';

  constructor(cause: unknown) {
    super('The queue cannot be reached at the moment.', { cause });
  }
}
