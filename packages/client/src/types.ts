import type { RenderOptions, RenderOptionsInput, Song } from '@musistrata/render-core';
import type { AudioFile, Render, RenderStatus, ScoreSummary } from '@musistrata/render-queue';

export type { AudioFile, Render, RenderOptions, RenderOptionsInput, RenderStatus, ScoreSummary, Song };

export type Warning = Render['warnings'][number];
export type Progress = Render['progress'];
export type StemFile = NonNullable<Render['stems']>[number];

/** A score as bytes: any format that the service reads. */
export interface ScoreBytes {
  readonly bytes: Uint8Array | ArrayBuffer | Blob;
  /** `audio/midi`, `application/vnd.recordare.musicxml` and so on; by default the service tells by the bytes. */
  readonly contentType?: string;
  /** Helps to tell the format; by default the name of a File. */
  readonly fileName?: string;
}

/** A MusiStrata song as an object, or a score as bytes. */
export type Score = Song | ScoreBytes;

/** Who is to be told when a render ends. */
export interface Webhook {
  readonly url: string;
  readonly events?: readonly WebhookEvent[];
}
export type WebhookEvent = 'render.started' | 'render.succeeded' | 'render.failed' | 'render.canceled';

export interface SubmitOptions {
  /** How to render; everything has a default. */
  readonly options?: RenderOptionsInput | undefined;
  readonly webhook?: Webhook;
  /** Comes back with the render. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** A submission with the same key is made once. @default a fresh key, so that repetitions after a broken connection are safe */
  readonly idempotencyKey?: string;
  /** Cancels the render unless it has ended after so many seconds. */
  readonly cancelAfterSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ParseOptions extends CallOptions {
  readonly options?: RenderOptionsInput | undefined;
}

export interface ListOptions extends CallOptions {
  readonly status?: RenderStatus;
  /** Renders that are fetched at once, 1 to 200. @default 50 */
  readonly pageSize?: number;
}

export interface RenderPage {
  readonly renders: readonly Render[];
  /** For the next page; null on the last. */
  readonly cursor: string | null;
}

export interface WaitOptions extends CallOptions {
  /** Called with the render whenever its status or progress has changed. */
  readonly onUpdate?: (render: Render) => void;
}

export interface InstrumentQuery extends CallOptions {
  /** Only names that contain this. */
  readonly search?: string;
}
