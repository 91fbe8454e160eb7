import { Worker } from 'node:worker_threads';
import type { Performance } from '../performance.js';
import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';
import type { EngravedAnswer, EngravedTask } from './engraved-worker.js';
import { guitarProFile } from './guitar-pro-file.js';
import { musicXmlText } from './musicxml-file.js';
import { musicXmlTiming } from './musicxml-timing.js';

/** What the library may take for a score: many times what an honest one needs on an idle machine. */
export interface ImportBounds {
  readonly seconds: number;
  readonly megabytes: number;
}

function usualBounds(task: EngravedTask): ImportBounds {
  return { seconds: Math.ceil(15 + (4 * task.bytes.length) / 1e6), megabytes: 768 };
}

/** Reads MusicXML through alphaTab. @throws ScoreError */
export async function readMusicXml(bytes: Uint8Array, limits: ScoreLimits): Promise<Performance> {
  const text = await musicXmlText(bytes, limits);
  return importInWorker({
    format: 'musicxml',
    importer: 'MusicXML',
    bytes: new TextEncoder().encode(text),
    timing: musicXmlTiming(text),
    limits,
  });
}

/** Reads Guitar Pro 3 to 8 through alphaTab. @throws ScoreError */
export async function readGuitarPro(bytes: Uint8Array, limits: ScoreLimits): Promise<Performance> {
  const file = await guitarProFile(bytes, limits);
  return importInWorker({ format: 'guitarpro', importer: `Guitar Pro ${file.version}`, bytes: file.bytes, limits });
}

/**
 * Runs the library in a thread of its own: whatever a hostile score does to it, an endless loop or memory without end, stays there and ends with it.
 */
export function importInWorker(
  task: EngravedTask,
  { seconds, megabytes }: ImportBounds = usualBounds(task),
): Promise<Performance> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./engraved-worker.js', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
    });
    const settle = (finish: () => void) => {
      clearTimeout(deadline);
      worker.removeAllListeners();
      // A thread that fails while it ends has nothing more to say.
      worker.on('error', () => {});
      void worker.terminate();
      finish();
    };
    const tooMuch = (what: string) => () =>
      settle(() =>
        reject(
          new ScoreError(
            'score-too-large',
            413,
            `The score is too large: reading it takes more than ${what}. Split it.`,
          ),
        ),
      );
    const deadline = setTimeout(tooMuch(`${seconds} s`), seconds * 1000);
    worker.once('message', (answer: EngravedAnswer) =>
      settle(() => {
        if ('performance' in answer) resolve(answer.performance);
        else {
          const { code, status, message, errors } = answer.refusal;
          reject(new ScoreError(code, status, message, errors));
        }
      }),
    );
    worker.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') tooMuch(`${megabytes} MB`)();
      else settle(() => reject(error));
    });
    worker.once('exit', () => settle(() => reject(new Error('the thread that reads scores ended without an answer'))));
  });
}
