import { BlobNotFoundError, StorageUnavailableError } from '@musistrata/blob-store';
import {
  IdempotencyConflictError,
  IdempotencyPendingError,
  QueueFullError,
  QueueUnavailableError,
  RenderFileNotFoundError,
  RenderGoneError,
  RenderNotFoundError,
  RenderNotReadyError,
  TenantBusyError,
} from '@musistrata/render-queue';
import { retryAfterSeconds } from '../renders/present-render.js';
import { Problem } from './problem.js';

/** The problem that a failure of the queue or the storage is for a client, or null for anything else. */
export function queueProblem(error: unknown): Problem | null {
  if (error instanceof RenderNotFoundError) return Problem.renderNotFound(error.id);
  if (error instanceof RenderGoneError) return Problem.renderGone(error.id);
  if (error instanceof RenderNotReadyError) return notReady(error);
  if (error instanceof RenderFileNotFoundError) return Problem.fileNotFound(error.file);
  if (error instanceof QueueFullError) return Problem.queueFull(error.maxQueued, error.retryAfterSeconds);
  if (error instanceof TenantBusyError)
    return Problem.tooManyRenders(error.tenantMaxUnfinished, error.retryAfterSeconds);
  if (error instanceof IdempotencyConflictError) return Problem.idempotencyKeyReused();
  if (error instanceof IdempotencyPendingError) return Problem.idempotencyKeyInUse();
  if (error instanceof QueueUnavailableError) return Problem.queueUnavailable(error);
  if (error instanceof BlobNotFoundError) return Problem.fileNotFound('such file any more');
  if (error instanceof StorageUnavailableError || isStorageFault(error)) return Problem.storageUnavailable(error);
  return null;
}

function notReady({ status, estimatedSeconds }: RenderNotReadyError): Problem {
  if (status === 'failed')
    return new Problem('render-failed', 'The render failed; its error says why. It has no files.');
  if (status === 'canceled') return Problem.renderCanceled();
  return Problem.renderUnfinished(status, retryAfterSeconds({ estimatedSeconds }));
}

const storageFaults = new Set(['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EDQUOT', 'EMFILE', 'ESTALE', 'ENOTCONN']);

function isStorageFault(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && storageFaults.has(String(error.code));
}
