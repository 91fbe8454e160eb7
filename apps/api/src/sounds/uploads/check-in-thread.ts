import { parentPort, Worker, workerData } from 'node:worker_threads';

/** What a thread found out about an upload: something to go on with, or a refusal as plain data. */
export type Verdict<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly tooLarge?: boolean };

export interface Bounds {
  /** Time after which the thread is ended. */
  readonly seconds: number;
  /** JavaScript heap of the thread in MiB; files and samples are read outside of it, one at a time. */
  readonly megabytes: number;
}

/** One thread at a time: several large uploads together would need several times the memory. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Has an upload examined in a thread of its own, which a hostile file can neither hold up nor bring down.
 * @param thread a module that calls {@link answerCheck}
 * @param wanted aborts when nobody waits for the result any more
 * @throws the reason of `wanted`; what the system says when its disk fails the thread
 */
export function checkInThread<T>(thread: URL, data: object, bounds: Bounds, wanted: AbortSignal): Promise<Verdict<T>> {
  const result = last.then(() => check<T>(thread, data, bounds, wanted));
  last = result.catch(() => undefined);
  return result;
}

async function check<T>(
  module: URL,
  data: object,
  { seconds, megabytes }: Bounds,
  wanted: AbortSignal,
): Promise<Verdict<T>> {
  wanted.throwIfAborted();
  const thread = new Worker(module, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 64 },
  });
  let deadline: NodeJS.Timeout | undefined;
  let giveUp = () => {};
  try {
    return await new Promise<Verdict<T>>((resolve, reject) => {
      giveUp = () => reject(wanted.reason);
      wanted.addEventListener('abort', giveUp);
      deadline = setTimeout(
        () => resolve({ ok: false, why: `reading it takes more than ${seconds} s` }),
        seconds * 1000,
      );
      thread.once('message', (verdict: Verdict<T>) => resolve(verdict));
      thread.once('error', (error) => {
        if ('syscall' in error) reject(error);
        else resolve({ ok: false, why: 'reading it takes more memory than allowed, or fails' });
      });
      thread.once('exit', () => resolve({ ok: false, why: 'it cannot be read' }));
    });
  } finally {
    clearTimeout(deadline);
    wanted.removeEventListener('abort', giveUp);
    await thread.terminate();
  }
}

/** In the thread: does what it was started for and tells the verdict. */
export async function answerCheck<Data, T>(examine: (data: Data) => Promise<Verdict<T>>): Promise<void> {
  parentPort?.postMessage(await examine(workerData as Data));
}
