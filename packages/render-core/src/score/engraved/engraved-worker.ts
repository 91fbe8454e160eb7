import { parentPort, workerData } from 'node:worker_threads';
import { Environment, io, Logger, LogLevel, midi, Settings } from '@coderline/alphatab';
import type { Performance } from '../performance.js';
import { ScoreError, type ScoreErrorCode, type ScoreFault } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';
import { setBarLengths } from './bar-lengths.js';
import { engravedPerformance } from './engraved-performance.js';
import { EngravedRecorder } from './engraved-recorder.js';
import { tellJumpKinds } from './jump-kinds.js';
import type { MusicXmlTiming } from './musicxml-timing.js';
import { recordPedals } from './record-pedals.js';

/** What a worker is started with: a score that has passed the guards. */
export interface EngravedTask {
  readonly format: 'musicxml' | 'guitarpro';
  /** Name of the library's importer. */
  readonly importer: 'MusicXML' | 'Guitar Pro 3-5' | 'Guitar Pro 7-8';
  readonly bytes: Uint8Array;
  /** Of MusicXML. */
  readonly timing?: MusicXmlTiming;
  readonly limits: ScoreLimits;
}

/** What a worker answers once; its {@link ScoreError} in pieces, as errors lose their class between threads. */
export type EngravedAnswer =
  | { readonly performance: Performance }
  | {
      readonly refusal: {
        readonly code: ScoreErrorCode;
        readonly status: ScoreError['status'];
        readonly message: string;
        readonly errors: readonly ScoreFault[];
      };
    };

function importEngraved({ format, importer: name, bytes, timing, limits }: EngravedTask): Performance {
  Logger.logLevel = LogLevel.None;
  const settings = new Settings();
  settings.importer.maxDecodingBufferSize = bytes.length;
  const importer = Environment.buildImporters().find((candidate) => candidate.name === name);
  if (importer === undefined) throw new Error(`the library has no importer for ${name}`);
  importer.init(io.ByteBuffer.fromBuffer(bytes), settings);
  const score = importer.readScore();
  if (format === 'musicxml') tellJumpKinds(score);
  if (timing !== undefined) setBarLengths(score, timing.barLengths);
  const recorder = new EngravedRecorder(limits);
  const generator = new midi.MidiFileGenerator(score, settings, recorder);
  generator.generate();
  if (timing !== undefined) recordPedals(recorder, generator.tickLookup.masterBars, timing.pedals);
  return engravedPerformance(score, generator.tickLookup.masterBars, recorder, format, limits);
}

function answer(task: EngravedTask): EngravedAnswer {
  try {
    return { performance: importEngraved(task) };
  } catch (error) {
    const kind = task.format === 'musicxml' ? 'MusicXML' : 'Guitar Pro';
    // What a broken file does to the library's own code says nothing about the file.
    const stumbled = error instanceof TypeError || error instanceof RangeError || !(error instanceof Error);
    const reason = stumbled || error.message === '' ? 'its content makes no sense' : error.message.slice(0, 200);
    const { code, status, message, errors } =
      error instanceof ScoreError
        ? error
        : ScoreError.unreadable(
            `The ${kind} file cannot be read: ${reason}. Open and save it in its program, then send it again.`,
          );
    return { refusal: { code, status, message, errors } };
  }
}

parentPort?.postMessage(answer(workerData as EngravedTask));
