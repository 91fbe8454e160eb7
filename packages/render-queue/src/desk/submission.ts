import type { RenderOptions } from '@musistrata/render-core';
import type { Webhook } from '../records/records.js';
import type { Render, ScoreSummary } from '../render.js';
import type { IdempotencyClaim } from './idempotency.js';

/** A render to be made: everything has been checked by the caller. */
export interface Submission {
  /** Whose it is: the id of the API key, or one name for everybody (letters, digits, `.`, `_`, `-`). Fair share and limits go by it. */
  readonly tenant: string;
  /** The score as sent. `score.sha256` is its digest in hexadecimal. */
  readonly bytes: Uint8Array;
  readonly score: ScoreSummary;
  /** Name of the file as sent, for the name of the download; null when there was none. */
  readonly fileName?: string | null;
  readonly options: RenderOptions;
  /** Digest of the fonts and instruments that can be heard: part of the content address. */
  readonly soundIdentity: string;
  /** Expected length of the audio with its tail. @default score.durationSeconds */
  readonly expectedSeconds?: number;
  /** What reading the score warned of. */
  readonly warnings?: Render['warnings'];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly webhook?: Webhook | null;
  /** Cancels the render when it has not ended after so many seconds. */
  readonly cancelAfterSeconds?: number | null;
  /** How long the ended render is kept; null is for ever. @default the desk's ttlSeconds */
  readonly ttlSeconds?: number | null;
  readonly idempotency?: IdempotencyClaim | null;
}

export interface Submitted {
  readonly render: Render;
  /** The Idempotency-Key stood for this render already: nothing was done. */
  readonly replayed: boolean;
}
