import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type BlobStoreConfig, readStorageUrl } from '@musistrata/blob-store';
import { type CatalogueConfig, standardCatalogue } from '@musistrata/render-core';
import {
  AddressGuard,
  ConfigError,
  EnvironmentReader,
  list,
  sharedVariables,
  webhookKey,
  whole,
} from '@musistrata/render-queue';
import { z } from 'zod';

/** Every environment variable of the worker, with its default and its bounds. */
export const environmentSchema = z.object({
  ...sharedVariables,
  WORK_DIR: z.string().min(1).optional().describe('Folder of files being made; `work` in DATA_DIR without.'),
  WORKER_CONCURRENCY: whole(1, 256)
    .default(() => availableParallelism())
    .describe('Renders at once; one core each. By default as many as there are cores.'),
  THREAD_MEGABYTES: whole(128, 65_536)
    .default(2048)
    .describe('JavaScript heap of one render; one that needs more fails.'),
  RENDER_SECONDS: whole(1, 604_800)
    .default(1800)
    .describe('Longest time that one render may take; one that needs more is refused.'),
  TENANT_CONCURRENCY: whole(0, 10_000)
    .default(0)
    .describe('Renders of one key at once, over all workers; 0 is no limit.'),
  LOCK_SECONDS: whole(1, 600).default(20).describe('A worker silent for so long is taken for dead.'),
  STALLED_CHECK_SECONDS: whole(1, 600).default(5).describe("How often dead workers' jobs are looked for."),
  MAX_STALLS: whole(0, 100).default(2).describe('How many workers one render may kill before it is given up.'),
  RECOVERY_SECONDS: whole(1, 86_400).default(30).describe('How often queue and storage are compared.'),
  ADOPT_SECONDS: whole(1, 604_800)
    .default(120)
    .describe("How long no worker of a job's engine version must have been seen before another version renders it."),
  SWEEP_SECONDS: whole(60, 604_800).default(3600).describe('How often files without a render are looked for.'),
  MAX_STORED_BYTES: whole(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('Bytes of audio to keep; the oldest renders go first. 0 is no limit.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .optional()
    .describe('How clients reach the API from outside, for links in webhooks.'),
  WEBHOOK_SECRETS: list
    .default([])
    .describe('whsec_ and base64; all of them sign, the newest first. One is made and kept in the storage without.'),
  WEBHOOK_ALLOWED_ADDRESSES: list
    .default([])
    .describe('Addresses and networks that webhooks may reach although they are not public.'),
  HEALTH_HOST: z.string().min(1).default('127.0.0.1').describe('Address for health and metrics.'),
  HEALTH_PORT: whole(0, 65_535).default(9090).describe('0 is any free one, which is logged.'),
  SHUTDOWN_SECONDS: whole(0, 3600)
    .default(20)
    .describe('How long a stopping worker finishes renders; what is left goes to other workers at once.'),
});
export type Environment = z.output<typeof environmentSchema>;

/** The settings of one worker process. */
export interface WorkerConfig extends Environment {
  readonly storage: BlobStoreConfig;
  readonly workFolder: string;
  readonly catalogue: CatalogueConfig;
}

/**
 * Reads and checks all settings at once. Empty variables count as unset. Values are not repeated in messages: some are secret.
 * @throws ConfigError naming every mistake
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const reader = new EnvironmentReader(environmentSchema, environment);
  const { values } = reader;
  const dataFolder = resolve(values.DATA_DIR ?? 'data');
  const storage = reader.attempt('STORAGE_URL', () => readStorageUrl(values.STORAGE_URL, dataFolder));
  reader.attempt('WEBHOOK_SECRETS', () => values.WEBHOOK_SECRETS?.map(webhookKey));
  reader.attempt('WEBHOOK_ALLOWED_ADDRESSES', () => new AddressGuard(values.WEBHOOK_ALLOWED_ADDRESSES));
  const complete = reader.complete();
  if (!storage) throw new ConfigError(reader.mistakes);
  return {
    ...complete,
    storage,
    workFolder: resolve(complete.WORK_DIR ?? join(dataFolder, 'work')),
    catalogue: standardCatalogue({
      soundFontFolder: complete.SOUNDFONT_DIR,
      samplesFolder: complete.SAMPLES_DIR,
      defaultSoundFont: complete.DEFAULT_SOUNDFONT,
      catalogueFiles: complete.CATALOGUE_FILES,
    }),
  };
}
