import { clientError, type MusistrataError } from '../error.js';

/** A connection that could not be made or broke: with the reason, which fetch hides in the cause. */
export function networkError(url: URL | string, error: unknown): MusistrataError {
  const { cause = error } = (error ?? {}) as { cause?: unknown };
  const { message, code } = (cause ?? {}) as { message?: string; code?: string };
  // A host with several addresses fails with an aggregate that has a code and no message.
  const reason = message || code || String(cause);
  return clientError('network', `The connection to ${new URL(url).origin} failed: ${reason}`, { cause: error });
}
