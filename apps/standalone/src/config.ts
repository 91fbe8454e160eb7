import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfig as readApiConfig } from '@musistrata/api/config';
import { ConfigError, EnvironmentReader, sharedVariables, whole } from '@musistrata/render-queue';
import { readConfig as readWorkerConfig } from '@musistrata/worker/config';
import { z } from 'zod';

const environmentSchema = z.object({
  PORT: whole(1, 65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: sharedVariables.DATA_DIR,
  SOUNDFONT_DIR: sharedVariables.SOUNDFONT_DIR,
  SAMPLES_DIR: sharedVariables.SAMPLES_DIR,
  WORKERS: whole(1, 64).default(1),
  WORKER_CONCURRENCY: whole(1, 256).default(availableParallelism()),
  SHUTDOWN_SECONDS: whole(0, 600).default(20),
});

/** How `npm start` runs the stack. */
export interface StandaloneConfig {
  readonly port: number;
  readonly host: string;
  /** Absolute path of the folder that holds everything: Redis' append-only file, scores, audio, logs. */
  readonly dataFolder: string;
  /** Absolute paths of the folders that uploads go to; in the data folder unless they are set. They need not exist. */
  readonly soundFontFolder: string;
  readonly samplesFolder: string;
  readonly workers: number;
  /** Renders at once in one worker process. */
  readonly workerConcurrency: number;
  /** How long services may finish what they are doing after Ctrl-C. */
  readonly shutdownSeconds: number;
}

/**
 * Reads the environment; empty variables count as unset. The settings of API and workers are checked with its own, and whether the files that they
 * name are there, so that nothing has to be mended in turns.
 * @throws ConfigError naming every mistake
 */
export function readConfig(environment: NodeJS.ProcessEnv): StandaloneConfig {
  const reader = new EnvironmentReader(environmentSchema, environment);
  const mistakes = [...reader.mistakes];
  const named = new Set(mistakes.map(variableOf));
  for (const read of [readApiConfig, readWorkerConfig, checkFiles]) {
    const found = mistakesOf(() => read(environment)).filter((mistake) => !named.has(variableOf(mistake)));
    mistakes.push(...found);
    for (const mistake of found) named.add(variableOf(mistake));
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const complete = reader.complete();
  const { PORT, HOST, DATA_DIR, WORKERS, WORKER_CONCURRENCY, SHUTDOWN_SECONDS } = complete;
  return {
    port: PORT,
    host: HOST,
    dataFolder: resolve(DATA_DIR),
    soundFontFolder: resolve(complete.SOUNDFONT_DIR ?? join(DATA_DIR, 'soundfonts')),
    samplesFolder: resolve(complete.SAMPLES_DIR ?? join(DATA_DIR, 'samples')),
    workers: WORKERS,
    workerConcurrency: WORKER_CONCURRENCY,
    shutdownSeconds: SHUTDOWN_SECONDS,
  };
}

const variableOf = (mistake: string) => mistake.slice(0, mistake.indexOf(':'));

function mistakesOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes;
  }
}

/** @throws ConfigError */
function checkFiles(environment: NodeJS.ProcessEnv): void {
  const mistakes: string[] = [];
  for (const name of ['API_KEYS_FILE', 'DEFAULT_SOUNDFONT', 'CATALOGUE_FILES']) {
    const value = environment[name] ?? '';
    for (const path of name === 'CATALOGUE_FILES' ? value.split(/[\s,]+/) : [value]) {
      if (path === '') continue;
      try {
        accessSync(path, constants.R_OK);
      } catch (error) {
        mistakes.push(`${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
      }
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}
