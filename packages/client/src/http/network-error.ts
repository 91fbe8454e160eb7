import { clientError, type MusistrataError } from '../error.js';

/** A connection that could not be made or broke: with the reason, which fetch hides in the cause. */
export function networkError(url: URL | string, error: unknown): MusistrataError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message : String(cause);
  // A host with several addresses fails with an aggregate that has a code and no message.
  const reason = text || (cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason');
  return clientError('network', `The connection to ${new URL(url).origin} failed: ${reason}`, { cause: error });
}
