import type { AddressGuard, RenderDesk, Tracing } from '@musistrata/render-queue';
import type { Logger } from 'pino';
import type { KeyRing } from './auth/api-keys.js';
import type { RateLimits } from './auth/rate-limits.js';
import type { SignedLinks } from './auth/signed-links.js';
import type { ApiConfig } from './config.js';
import type { DemoRender } from './demo/demo-render.js';
import type { Metrics } from './metrics.js';
import type { OpenApiDocument } from './openapi/openapi-document.js';
import type { Pages } from './pages/pages.js';
import type { ScoreReader } from './scores/score-reader.js';
import type { Sounds } from './sounds/sounds.js';

/** What routes work with: made once per process. */
export interface Service {
  readonly config: ApiConfig;
  readonly log: Logger;
  readonly desk: RenderDesk;
  readonly tracing: Tracing;
  readonly reader: ScoreReader;
  readonly sounds: Sounds;
  /** Which addresses webhooks may go to. */
  readonly webhookGuard: AddressGuard;
  readonly demo: DemoRender;
  readonly keys: KeyRing;
  readonly links: SignedLinks;
  /** Null when anybody on this machine may send as much as they like. */
  readonly rateLimits: RateLimits | null;
  readonly metrics: Metrics;
  readonly document: OpenApiDocument;
  readonly pages: Pages;
  /** Aborts when the process begins to stop: waiting requests answer with what they have. */
  readonly closing: AbortSignal;
}
