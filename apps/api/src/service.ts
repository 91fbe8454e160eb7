import type { Logger } from 'pino';
import type { KeyRing } from './auth/api-keys.js';
import type { RateLimits } from './auth/rate-limits.js';
import type { SignedLinks } from './auth/signed-links.js';
import type { ApiConfig } from './config.js';
import type { HttpMetrics } from './http-metrics.js';
import type { Route } from './routes/route.js';

/** What routes work with: made once per process. */
export interface Service {
  readonly config: ApiConfig;
  readonly log: Logger;
  readonly keys: KeyRing;
  readonly links: SignedLinks;
  readonly rateLimits: RateLimits | null;
  readonly metrics: HttpMetrics;
  /** Every route, for the documents made of them. */
  readonly routes: readonly Route[];
  /** Aborts when the process begins to stop: waiting requests answer with what they have. */
  readonly closing: AbortSignal;
}
