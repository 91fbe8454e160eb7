import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const REQUEST_MS = 2000;

/**
 * Waits until a service answers 200 at its readiness address.
 *
 * @throws Error with the last answer, when it is not ready in time.
 */
export async function untilReady(url: string, deadlineMs: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  let last = 'no answer';
  while (Date.now() < deadline && !signal.aborted) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) });
      if (response.ok) return;
      last = `${response.status} ${await response.text()}`;
    } catch (error) {
      last = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    }
    await sleep(POLL_MS);
  }
  signal.throwIfAborted();
  throw new Error(`${url} was not ready within ${deadlineMs / 1000} s: ${last}`);
}
