import { MusistrataError } from '../error.js';

export interface RetryPolicy {
  /** How often one call is repeated at most. 0 never repeats. @default 4 */
  readonly times: number;
  /** Longest pause in seconds; a service that asks for more patience (Retry-After) gets its refusal reported at once. @default 60 */
  readonly longestPauseSeconds: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { times: 4, longestPauseSeconds: 60 };

const FIRST_PAUSE_SECONDS = 0.25;
/** Answers that a later repetition of the same call may improve. */
const TRANSIENT_STATUS = new Set([408, 425, 429, 502, 503, 504]);

/** Whether the same call may succeed later: no connection, an answer that did not come, or a service that is busy or away. */
export function isTransient(error: unknown): error is MusistrataError {
  if (!(error instanceof MusistrataError)) return false;
  if (error.code === 'network' || error.code === 'timeout' || error.code === 'idempotency-key-in-use') return true;
  return error.status !== null && TRANSIENT_STATUS.has(error.status);
}

/** Decides for one call whether and when it is tried again. */
export class Patience {
  #failures = 0;

  constructor(
    private readonly policy: RetryPolicy,
    private readonly signal?: AbortSignal | undefined,
  ) {}

  /** To be called when the call got somewhere: failures are counted anew from there. */
  renew(): void {
    this.#failures = 0;
  }

  /**
   * Resolves when it is time to try again; rejects with the error when it is final, and with the signal's reason when that is aborted.
   * The pause doubles from a quarter of a second, on top of Retry-After; half of it is drawn, so that clients that failed together
   * do not return together.
   */
  async after(error: unknown): Promise<void> {
    if (this.signal?.aborted) throw this.signal.reason;
    if (this.#failures >= this.policy.times || !isTransient(error)) throw error;
    const asked = error.retryAfter ?? 0;
    if (asked > this.policy.longestPauseSeconds) throw error;
    const doubled = Math.min(FIRST_PAUSE_SECONDS * 2 ** this.#failures, this.policy.longestPauseSeconds);
    this.#failures += 1;
    await pause(asked + doubled * (0.5 + Math.random() / 2), this.signal);
  }
}

function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
