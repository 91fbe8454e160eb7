import type { Writable } from 'node:stream';
import type { ListedInstrument, RenderOptionsInput } from '@musistrata/render-core';

export type { ListedInstrument };

import type { PartSummary, ScoreReport } from '../server-types.js';
import type { AudioFile, Warning } from '../types.js';
import type { Progress } from './progress-line.js';
import type { ScoreSource } from './score-source.js';

export type AudioFacts = Omit<AudioFile, 'url'>;

/** A finished file that is still where it was made. */
export interface RenderedFile {
  readonly facts: AudioFacts;
  /** Puts it at a path: whole or not at all. */
  saveTo(path: string): Promise<void>;
  pipeTo(stream: Writable): Promise<void>;
}

export interface RenderedStem {
  /** Place in the score, from 0. */
  readonly part: number;
  readonly name: string;
  readonly file: RenderedFile;
}

export interface Rendered {
  /** At the service; null for what was rendered here. */
  readonly id: string | null;
  readonly audio: RenderedFile;
  readonly stems: readonly RenderedStem[];
  readonly warnings: readonly Warning[];
}

export interface RenderTask {
  readonly source: ScoreSource;
  readonly options: RenderOptionsInput;
  /** Folder that the files will be moved to; null when they go to standard output. */
  readonly destination: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What a score holds, as far as this machine and the service know alike. */
export type ScoreFacts = Pick<ScoreReport, 'score' | 'warnings'> & { readonly parts: readonly PartSummary[] };

/** Who does the work: this machine or a service. */
export interface Renderer {
  /** Hands the finished files to `deliver`; what they took is given back when that has settled. */
  render<Result>(task: RenderTask, deliver: (rendered: Rendered) => Promise<Result>): Promise<Result>;
  report(source: ScoreSource, options: RenderOptionsInput, signal: AbortSignal): Promise<ScoreFacts>;
  instruments(signal: AbortSignal): Promise<readonly ListedInstrument[]>;
  close(): Promise<void>;
}
