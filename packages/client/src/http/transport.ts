import { clientError, MusistrataError } from '../error.js';
import { networkError } from './network-error.js';
import { refusalOf } from './refusal.js';
import { Patience, type RetryPolicy } from './retry-policy.js';

/** One request. Every call of this client may be repeated: it is idempotent by its method or by its Idempotency-Key. */
export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Relative to the base URL, without a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Held in memory, so that a repetition sends the same bytes. */
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal | undefined;
  /** Seconds that the service was asked to hold the answer back. */
  readonly heldSeconds?: number;
}

export interface TransportOptions {
  readonly baseUrl: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly retry: RetryPolicy;
  /** Longest wait for the head of an answer. */
  readonly timeoutSeconds: number;
}

/** Sends calls, repeats those that failed for a passing reason, and turns every failure into a {@link MusistrataError}. */
export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  patience(signal: AbortSignal | undefined): Patience {
    return new Patience(this.#options.retry, signal);
  }

  /** The answer to a call as soon as its head is there. */
  open(call: Call): Promise<Response> {
    return this.#repeatedly(call, (response) => response);
  }

  /** The JSON that a call is answered with. */
  json<Answer>(call: Call): Promise<Answer> {
    const headers = { accept: 'application/json', ...call.headers };
    return this.#repeatedly({ ...call, headers }, (response) => readJson<Answer>(response));
  }

  /** One try: rejects for a connection that fails, an answer that does not come, and every status of 400 or more. */
  async attempt(call: Call): Promise<Response> {
    const { signal } = call;
    signal?.throwIfAborted();
    const url = new URL(call.path, this.#options.baseUrl);
    for (const [name, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const seconds = this.#options.timeoutSeconds + (call.heldSeconds ?? 0);
    const timeout = new AbortController();
    const timer = setTimeout(
      () => timeout.abort(clientError('timeout', `${url.origin} did not answer within ${seconds} s.`)),
      seconds * 1000,
    );
    try {
      const response = await this.#options.fetch(url, {
        method: call.method ?? 'GET',
        headers: { ...this.#options.headers, ...call.headers },
        signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
        ...(call.body !== undefined && { body: call.body as string | Uint8Array<ArrayBuffer> }),
      });
      if (response.status >= 400) throw await refusalOf(response);
      return response;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof MusistrataError ? error : networkError(url, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #repeatedly<Result>(call: Call, take: (response: Response) => Result | Promise<Result>): Promise<Result> {
    const patience = this.patience(call.signal);
    for (;;) {
      try {
        return await take(await this.attempt(call));
      } catch (error) {
        await patience.after(error);
      }
    }
  }
}

async function readJson<Answer>(response: Response): Promise<Answer> {
  const text = await response.text().catch((error: unknown) => {
    throw networkError(response.url, error);
  });
  try {
    return JSON.parse(text) as Answer;
  } catch (cause) {
    const type = response.headers.get('content-type') ?? 'nothing';
    const message = `Expected JSON from ${response.url}, got ${type}. Is this the render service?`;
    throw clientError('answer-unreadable', message, { status: response.status, cause });
  }
}
