import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { EnvironmentReader, sharedVariables, whole } from '@musistrata/render-queue';
import { z } from 'zod';

const environmentSchema = z.object({
  PORT: whole(1, 65_535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: sharedVariables.DATA_DIR,
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
  readonly workers: number;
  /** Renders at once in one worker process. */
  readonly workerConcurrency: number;
  /** How long services may finish what they are doing after Ctrl-C. */
  readonly shutdownSeconds: number;
}

/**
 * Reads the environment; empty variables count as unset.
 * @throws ConfigError naming every mistake
 */
export function readConfig(environment: NodeJS.ProcessEnv): StandaloneConfig {
  const { PORT, HOST, DATA_DIR, WORKERS, WORKER_CONCURRENCY, SHUTDOWN_SECONDS } = new EnvironmentReader(
    environmentSchema,
    environment,
  ).complete();
  return {
    port: PORT,
    host: HOST,
    dataFolder: resolve(DATA_DIR),
    workers: WORKERS,
    workerConcurrency: WORKER_CONCURRENCY,
    shutdownSeconds: SHUTDOWN_SECONDS,
  };
}
