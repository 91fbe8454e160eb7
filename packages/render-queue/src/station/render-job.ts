import type { RenderOptions } from '@musistrata/render-core';
import type { Render, ScoreSummary } from '../render.js';

/** What a station gives its runner. */
export interface RenderJob {
  /** The score as the client sent it; its digest has been checked. */
  readonly bytes: Uint8Array;
  /** What the API recognised it as, and its name if it had one. */
  readonly hint: { readonly format: ScoreSummary['format']; readonly fileName: string | null };
  readonly options: RenderOptions;
  /** Digest of the sounds that the render was accepted with; null where it is not known. */
  readonly soundIdentity: string | null;
  /** An empty folder; everything in it is deleted afterwards. */
  readonly outputFolder: string;
  /** For logs. */
  readonly renderId: string;
}

export interface RenderedFile {
  /** Path of a whole file in the output folder. */
  readonly path: string;
  readonly contentType: string;
}

export interface RenderedAudio extends RenderedFile {
  readonly durationSeconds: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitDepth: number | null;
  readonly peakDbtp: number | null;
  readonly loudnessLufs: number | null;
}

/** What a runner made. */
export interface RunResult {
  readonly audio: RenderedAudio;
  readonly stems: readonly (RenderedAudio & { readonly part: number; readonly partName: string })[] | null;
  readonly timing: RenderedFile | null;
  readonly peaks: RenderedFile | null;
  readonly warnings: Render['warnings'];
  /** Most voices that sounded at once, where the runner knows. */
  readonly peakVoices?: number;
}

/**
 * Renders a score to files. MUST settle soon (50 ms) after the signal is aborted, with whatever outcome, and have let go of the output folder then.
 * Rejects with a {@link RefusedScoreError} when no other attempt can do better; everything else that it rejects with is tried again.
 */
export type RenderJobRunner = (
  job: RenderJob,
  control: {
    readonly signal: AbortSignal;
    /** Seconds of audio; may be called as often as the runner likes. */
    readonly onProgress: (renderedSeconds: number, totalSeconds: number) => void;
  },
) => Promise<RunResult>;

/** The score or the options are at fault: another attempt would end the same. */
export class RefusedScoreError extends Error {
  override readonly name = 'RefusedScoreError';

  constructor(
    /** Stable, kebab-case, documented in docs/errors.md. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
