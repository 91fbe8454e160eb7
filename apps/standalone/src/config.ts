import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(1).max(65535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('data'),
  WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
  SHUTDOWN_SECONDS: z.coerce.number().int().min(0).max(600).default(20),
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
 * @throws Error that names every variable that is wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv): StandaloneConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The configuration has mistakes:\n${faults.join('\n')}`);
  }
  const { PORT, HOST, DATA_DIR, WORKERS, WORKER_CONCURRENCY, SHUTDOWN_SECONDS } = parsed.data;
  return {
    port: PORT,
    host: HOST,
    dataFolder: resolve(DATA_DIR),
    workers: WORKERS,
    workerConcurrency: WORKER_CONCURRENCY,
    shutdownSeconds: SHUTDOWN_SECONDS,
  };
}
