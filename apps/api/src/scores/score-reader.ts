import { fileURLToPath } from 'node:url';
import { type RenderOptions, type ScoreLimits, sniffFormat } from '@musistrata/render-core';
import { Piscina } from 'piscina';
import type { ProblemCode } from '../problems/codes.js';
import { Problem } from '../problems/problem.js';
import type { Sounds } from '../sounds/sounds.js';
import {
  type ReadResult,
  type ReadSubmission,
  type ReadTask,
  type Refusal,
  readSubmission,
} from './read-submission.js';

/** Bodies up to this size are read at once: that takes less than a millisecond or two. */
const smallBytes = 16 * 1024;

/** A stored score that is wanted as MIDI. */
export interface MidiTask {
  readonly bytes: Uint8Array;
  readonly hint: string;
  readonly options: RenderOptions;
  readonly limits: ScoreLimits;
}

export type MidiResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly refusal: Refusal };

export interface ScoreReaderOptions {
  readonly threads: number;
  /** Longest time to read one score. */
  readonly seconds: number;
  /** Most JavaScript memory of a thread, in MiB. */
  readonly megabytes: number;
}

/** Reads submitted bodies without holding up the process: large ones, and formats that need a large library, in threads with bounds. */
export class ScoreReader {
  readonly #pool: Piscina;
  readonly #sounds: Sounds;
  readonly #options: ScoreReaderOptions;

  constructor(sounds: Sounds, options: ScoreReaderOptions) {
    this.#sounds = sounds;
    this.#options = options;
    this.#pool = new Piscina({
      filename: fileURLToPath(new URL('./reader-thread.js', import.meta.url)),
      minThreads: 0,
      maxThreads: options.threads,
      maxQueue: options.threads * 64,
      idleTimeout: 60_000,
      workerData: sounds.config,
      resourceLimits: { maxOldGenerationSizeMb: options.megabytes, maxYoungGenerationSizeMb: 64 },
    });
    // A thread that dies takes its task with it, whose promise says so.
    this.#pool.on('error', () => undefined);
  }

  /** @throws Problem for everything that is wrong with the body, and reader-busy. */
  async read(task: ReadTask): Promise<ReadSubmission> {
    await this.#sounds.keepUp();
    let result = await this.#readNow(task);
    // Another process may have taken in what is asked for a moment ago.
    if (!result.ok && isUnknownSound(result.refusal.code) && (await this.#sounds.look()))
      result = await this.#readNow(task);
    if (result.ok) return result.submission;
    throw problemOf(result.refusal);
  }

  #readNow(task: ReadTask): Promise<ReadResult> {
    return readsAtOnce(task)
      ? readSubmission(task, this.#sounds.catalogue)
      : this.#inThread<ReadResult>('read', { task, version: this.#sounds.version });
  }

  /** A score of any format as a MIDI file. @throws Problem for a score that is not accepted (any more), and reader-busy. */
  async exportMidi(task: MidiTask): Promise<Uint8Array> {
    const result = await this.#inThread<MidiResult>('exportMidi', task);
    if (result.ok) return result.bytes;
    throw problemOf(result.refusal);
  }

  async #inThread<Result>(name: 'read' | 'exportMidi', task: object): Promise<Result> {
    const deadline = AbortSignal.timeout(this.#options.seconds * 1000);
    if (this.#pool.queueSize >= this.#options.threads * 64) throw Problem.readerBusy();
    try {
      return (await this.#pool.run(task, { name, signal: deadline })) as Result;
    } catch (error) {
      if (deadline.aborted) throw Problem.scoreTooComplex(`it took more than ${this.#options.seconds} s`);
      if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
        throw Problem.scoreTooComplex(`it took more than ${this.#options.megabytes} MiB of memory`);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

function problemOf({ code, detail, errors }: Refusal): Problem {
  return new Problem(code, detail, { errors });
}

function isUnknownSound(code: ProblemCode): boolean {
  return code === 'unknown-instrument' || code === 'unknown-sound-font';
}

function readsAtOnce({ bytes, hint, members }: ReadTask): boolean {
  const size = Object.values(members).reduce((sum, text) => sum + text.length, bytes.length);
  const format = sniffFormat(bytes, hint);
  return size <= smallBytes && (format === 'midi' || format === 'musistrata' || format === null);
}
