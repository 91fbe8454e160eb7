import { availableParallelism } from 'node:os';
import { z } from 'zod';

const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high);
const list = z.string().transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''));
const mebibyte = 1024 * 1024;

/** Every environment variable of the worker, with its default and its bounds. */
export const environmentSchema = z.object({
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).default('redis://127.0.0.1:6379'),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[\w-]{1,60}$/, 'must be letters, digits, _ and -')
    .default('musistrata'),
  DATA_DIR: z.string().min(1).default('data').describe('Folder of scores, audio and records.'),
  SOUNDFONT_DIR: z.string().min(1).optional().describe('Folder of sound fonts.'),
  INSTRUMENT_DIR: z.string().min(1).optional().describe('Folder of sample folders.'),
  DEFAULT_SOUNDFONT: z.string().min(1).optional().describe('Path of the font that plays General MIDI.'),
  CATALOGUE_FILES: list.default([]).describe('Catalogue files with instruments of your own.'),
  WORKER_CONCURRENCY: whole(1, 256).default(availableParallelism()).describe('Renders at once.'),
  THREAD_MEGABYTES: whole(128, 65_536).default(2048).describe('Most JavaScript memory of one render.'),
  HEALTH_HOST: z.string().min(1).default('127.0.0.1').describe('Address of the health port.'),
  HEALTH_PORT: whole(0, 65_535).default(9090).describe('Liveness and readiness; 0 takes any free port.'),
  TENANT_CONCURRENCY: whole(0, 100_000)
    .default(0)
    .describe('Renders of one API key at once over all workers; 0 is no limit.'),
  MAX_STORED_BYTES: whole(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('Oldest audio goes first when there is more; 0 is no limit.'),
  MAX_BODY_BYTES: whole(1024, 1024 * mebibyte).default(16 * mebibyte),
  MAX_PARTS: whole(1, 65_536).default(256),
  MAX_NOTES: whole(1, 100_000_000).default(1_000_000),
  MAX_DURATION_SECONDS: whole(1, 7 * 86_400).default(7200),
  WEBHOOK_SECRETS: list.default([]).describe('Secrets that sign webhooks; with several, every one signs.'),
  WEBHOOK_ALLOWED_ADDRESSES: list.default([]).describe('Private addresses that webhooks may go to all the same.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('How clients reach the API, for links in webhooks.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SHUTDOWN_SECONDS: whole(0, 600)
    .default(20)
    .describe('How long a stopping worker finishes its renders before it hands them over.'),
});

/** The settings of one worker process. */
export type WorkerConfig = z.output<typeof environmentSchema>;

/** The environment has mistakes; the message names every variable concerned. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly string[]) {
    super(`The configuration has mistakes:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
  }
}

/**
 * Reads and checks all settings at once. Empty variables count as unset.
 * @throws ConfigError naming every mistake
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}
