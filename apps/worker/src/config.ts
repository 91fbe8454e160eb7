import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type BlobStoreConfig, readStorageUrl } from '@musistrata/blob-store';
import { type CatalogueConfig, standardCatalogue } from '@musistrata/render-core';
import { AddressGuard, webhookKey } from '@musistrata/render-queue';
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
    .default('musistrata')
    .describe('As the API has it.'),
  DATA_DIR: z.string().min(1).default('data').describe('Folder of scores, audio and records.'),
  STORAGE_URL: z
    .string()
    .optional()
    .describe('file:///folder or s3://bucket/prefix?region=&endpoint=, as the API has it; DATA_DIR without.'),
  WORK_DIR: z.string().min(1).optional().describe('Folder of files being made; `work` in DATA_DIR without.'),
  SOUNDFONT_DIR: z.string().min(1).optional().describe('Folder of sound fonts, as the API has it.'),
  SAMPLES_DIR: z.string().min(1).optional().describe('Folder of sample folders, as the API has it.'),
  CATALOGUE_FILES: list.default([]).describe('Files that describe instruments, as the API has them.'),
  DEFAULT_SOUNDFONT: z.string().min(1).optional().describe('File of the font for General MIDI, as the API has it.'),
  WORKER_CONCURRENCY: whole(1, 256)
    .default(() => availableParallelism())
    .describe('Renders at once; one core each. By default as many as there are cores.'),
  THREAD_MEGABYTES: whole(128, 65_536)
    .default(2048)
    .describe('JavaScript heap of one render; one that needs more fails.'),
  TENANT_CONCURRENCY: whole(0, 10_000)
    .default(0)
    .describe('Renders of one key at once, over all workers; 0 is no limit.'),
  LOCK_SECONDS: whole(1, 600).default(30).describe('A worker silent for so long is taken for dead.'),
  STALLED_CHECK_SECONDS: whole(1, 600).default(10).describe("How often dead workers' jobs are looked for."),
  MAX_STALLS: whole(0, 100).default(2).describe('How many workers one render may kill before it is given up.'),
  RECOVERY_SECONDS: whole(1, 86_400).default(30).describe('How often queue and storage are compared.'),
  SWEEP_SECONDS: whole(60, 604_800).default(3600).describe('How often files without a render are looked for.'),
  MAX_STORED_BYTES: whole(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('Bytes of audio to keep; the oldest renders go first. 0 is no limit.'),
  GONE_SECONDS: whole(0, 31_536_000).default(604_800).describe('How long deleted renders answer 410.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('How clients reach the API from outside, for links in webhooks.'),
  WEBHOOK_SECRETS: list
    .default([])
    .describe('whsec_ and base64; all of them sign, the newest first. One is made and kept in the storage without.'),
  WEBHOOK_ALLOWED_ADDRESSES: list
    .default([])
    .describe('Addresses and networks that webhooks may reach although they are not public.'),
  MAX_BODY_BYTES: whole(1024, 1024 * mebibyte)
    .default(16 * mebibyte)
    .describe('A score, as sent and once inflated.'),
  MAX_PARTS: whole(1, 65_536).default(256),
  MAX_NOTES: whole(1, 100_000_000).default(1_000_000),
  MAX_DURATION_SECONDS: whole(1, 7 * 86_400).default(7200),
  HEALTH_HOST: z.string().min(1).default('127.0.0.1').describe('Address for health and metrics.'),
  HEALTH_PORT: whole(0, 65_535).default(9090).describe('0 is any free one, which is logged.'),
  SHUTDOWN_SECONDS: whole(0, 3600)
    .default(20)
    .describe('How long a stopping worker finishes renders; what is left goes to other workers at once.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});
export type Environment = z.output<typeof environmentSchema>;

/** The settings of one worker process. */
export interface WorkerConfig extends Environment {
  readonly storage: BlobStoreConfig;
  readonly workFolder: string;
  readonly catalogue: CatalogueConfig;
}

/** The environment has mistakes; the message names every variable concerned. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly string[]) {
    super(`The configuration has mistakes:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
  }
}

/**
 * Reads and checks all settings at once. Empty variables count as unset. Values are not repeated in messages: some are secret.
 * @throws ConfigError naming every mistake
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const mistakes: string[] = [];
  const values: Partial<Environment> = {};
  for (const [name, schema] of Object.entries(environmentSchema.shape)) {
    const parsed = schema.safeParse(environment[name] || undefined);
    if (parsed.success) Object.assign(values, { [name]: parsed.data });
    else mistakes.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  const attempt = <T>(name: string, read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      mistakes.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  const dataFolder = resolve(values.DATA_DIR ?? 'data');
  const storage = attempt('STORAGE_URL', () => readStorageUrl(values.STORAGE_URL, dataFolder));
  attempt('WEBHOOK_SECRETS', () => values.WEBHOOK_SECRETS?.map(webhookKey));
  attempt('WEBHOOK_ALLOWED_ADDRESSES', () => new AddressGuard(values.WEBHOOK_ALLOWED_ADDRESSES));
  if (mistakes.length > 0 || !storage) throw new ConfigError(mistakes);
  const complete = values as Environment;
  return {
    ...complete,
    storage,
    workFolder: resolve(complete.WORK_DIR ?? join(dataFolder, 'work')),
    catalogue: standardCatalogue({
      soundFontFolder: complete.SOUNDFONT_DIR,
      instrumentFolder: complete.SAMPLES_DIR,
      defaultSoundFont: complete.DEFAULT_SOUNDFONT,
      catalogueFiles: complete.CATALOGUE_FILES,
    }),
  };
}
