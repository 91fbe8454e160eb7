import { isIP } from 'node:net';
import { readStorageUrl } from '@musistrata/blob-store';
import { type CatalogueConfig, standardCatalogue } from '@musistrata/render-core';
import { AddressGuard, EnvironmentReader, list, sharedVariables, whole } from '@musistrata/render-queue';
import { z } from 'zod';
import { KeyListError, parseKeyList } from './auth/api-keys.js';

const flag = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] });
const mebibyte = 1024 * 1024;

/** Every environment variable of the API, with its default and its bounds. */
export const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  PORT: whole(0, 65535).default(8080).describe('Port to listen on; 0 takes any free one.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .optional()
    .describe('How clients reach the service from outside, for absolute links.'),
  TRUST_PROXY: whole(0, 10)
    .default(0)
    .describe('Number of reverse proxies in front whose X-Forwarded-For is believed.'),
  REDIS_URL: sharedVariables.REDIS_URL,
  QUEUE_PREFIX: sharedVariables.QUEUE_PREFIX,
  DATA_DIR: sharedVariables.DATA_DIR,
  STORAGE_URL: sharedVariables.STORAGE_URL,
  SOUNDFONT_DIR: sharedVariables.SOUNDFONT_DIR,
  SAMPLES_DIR: sharedVariables.SAMPLES_DIR,
  CATALOGUE_FILES: sharedVariables.CATALOGUE_FILES,
  DEFAULT_SOUNDFONT: sharedVariables.DEFAULT_SOUNDFONT,
  WEBHOOK_ALLOWED_ADDRESSES: list.default([]).describe('Private addresses that webhooks may go to all the same.'),
  QUEUE_LIMIT: whole(1, 10_000_000).default(10_000).describe('Renders that may wait before new ones are refused.'),
  RENDER_TTL_SECONDS: whole(0, 10 * 31_536_000)
    .default(86_400)
    .describe('How long ended renders are kept; 0 is for ever.'),
  GONE_SECONDS: sharedVariables.GONE_SECONDS,
  API_KEYS: z.string().optional().describe('Keys, one per line or separated by ";": NAME SCOPES SHA256 [EXPIRY].'),
  API_KEYS_FILE: z.string().min(1).optional().describe('The same in a file, read again when it changes.'),
  ALLOW_ANONYMOUS: flag.default(false).describe('Serve a public address without keys.'),
  LINK_SECRETS: list.default([]).describe('Secrets that sign download links; the first signs, all are believed.'),
  LINK_SECONDS: whole(60, 7 * 86400)
    .default(86400)
    .describe('How long a signed link works at least.'),
  AUDIO_REDIRECT: flag
    .default(false)
    .describe('Send GET of audio to the storage by 307, when it is S3, instead of passing the bytes on.'),
  REQUESTS_PER_MINUTE: whole(1, 1_000_000)
    .default(600)
    .describe('Scores handed in per key and minute, when there are keys.'),
  UNFINISHED_PER_KEY: whole(1, 1_000_000).default(1000).describe('Unfinished renders per key, when there are keys.'),
  CORS_ORIGINS: list.default([]).describe('Origins whose pages may call the API; * for all.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: sharedVariables.OTEL_EXPORTER_OTLP_ENDPOINT,
  LOG_LEVEL: sharedVariables.LOG_LEVEL,
  MAX_BODY_BYTES: sharedVariables.MAX_BODY_BYTES,
  MAX_SOUNDFONT_BYTES: whole(1024, 4096 * mebibyte)
    .default(1024 * mebibyte)
    .describe('An uploaded sound font.'),
  MAX_SAMPLES_BYTES: whole(1024, 4096 * mebibyte)
    .default(1024 * mebibyte)
    .describe('An uploaded archive of samples, as sent and once inflated.'),
  MAX_PARTS: sharedVariables.MAX_PARTS,
  MAX_NOTES: sharedVariables.MAX_NOTES,
  MAX_DURATION_SECONDS: sharedVariables.MAX_DURATION_SECONDS,
  MAX_OUTPUT_BYTES: whole(1024, 64 * 1024 * mebibyte)
    .default(4096 * mebibyte)
    .describe('All audio files of a render together.'),
  READER_THREADS: whole(1, 64).default(1).describe('Threads that read scores larger than a few kilobytes.'),
  READER_SECONDS: whole(1, 600).default(20).describe('Longest time to read one score.'),
  READER_MEGABYTES: whole(64, 16_384).default(512).describe('Most memory to read one score.'),
  SHUTDOWN_SECONDS: whole(0, 600).default(20).describe('How long a stopping process finishes what it has begun.'),
});
export type Environment = z.output<typeof environmentSchema>;

/** The settings of one API process. */
export interface ApiConfig extends Environment {
  /** Whether requests need a key. */
  readonly authenticated: boolean;
}

/**
 * Reads and checks all settings at once. Empty variables count as unset. Values are not repeated in messages: some are secret.
 * @throws ConfigError naming every mistake.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ApiConfig {
  const reader = new EnvironmentReader(environmentSchema, environment);
  const { values, mistakes } = reader;
  const authenticated = values.API_KEYS !== undefined || values.API_KEYS_FILE !== undefined;
  if (authenticated && (values.LINK_SECRETS ?? []).length === 0)
    mistakes.push('LINK_SECRETS: must be set when there are API keys (openssl rand -hex 32 makes one)');
  for (const mistake of keyMistakes(values.API_KEYS ?? '')) mistakes.push(`API_KEYS: ${mistake}`);
  for (const secret of values.LINK_SECRETS ?? [])
    if (secret.length < 32) mistakes.push('LINK_SECRETS: every secret needs at least 32 characters');
  for (const origin of values.CORS_ORIGINS ?? [])
    if (origin !== '*' && !isOrigin(origin))
      mistakes.push(`CORS_ORIGINS: "${origin}" is not an origin like https://example.org`);
  reader.attempt('STORAGE_URL', () => readStorageUrl(values.STORAGE_URL, '.'));
  reader.attempt('WEBHOOK_ALLOWED_ADDRESSES', () => new AddressGuard(values.WEBHOOK_ALLOWED_ADDRESSES ?? []));
  const host = values.HOST ?? '127.0.0.1';
  if (!authenticated && !values.ALLOW_ANONYMOUS && !isLoopback(host))
    mistakes.push(
      `HOST: ${host} is reachable from outside; set API_KEYS or API_KEYS_FILE, or ALLOW_ANONYMOUS=true if that is meant`,
    );
  return { ...reader.complete(), authenticated };
}

function keyMistakes(list: string): readonly string[] {
  try {
    parseKeyList(list);
    return [];
  } catch (error) {
    if (!(error instanceof KeyListError)) throw error;
    return error.mistakes;
  }
}

/** Where this server's instruments are; workers MUST have the same. */
export function catalogueConfig(config: ApiConfig): CatalogueConfig {
  return standardCatalogue({
    soundFontFolder: config.SOUNDFONT_DIR,
    samplesFolder: config.SAMPLES_DIR,
    defaultSoundFont: config.DEFAULT_SOUNDFONT,
    catalogueFiles: config.CATALOGUE_FILES,
  });
}

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
