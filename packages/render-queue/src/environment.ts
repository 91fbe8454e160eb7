import { schemaFaults } from '@musistrata/render-core';
import { z } from 'zod';

const mebibyte = 1024 * 1024;

/** A whole number within bounds. */
export const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high);

/** Several values, divided by commas or white space. */
export const list = z.string().transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''));

/** Variables that API and workers MUST have alike: where everything is, and what is too much. */
export const sharedVariables = {
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
    .default('redis://127.0.0.1:6379')
    .describe('The Redis of API and workers.'),
  QUEUE_PREFIX: z
    .string()
    .regex(/^[\w-]{1,60}$/, 'must be letters, digits, _ and -')
    .default('musistrata')
    .describe('Separates installations that share one Redis.'),
  DATA_DIR: z.string().min(1).default('data').describe('Folder of scores, audio and records.'),
  STORAGE_URL: z
    .string()
    .optional()
    .describe('Where scores, audio and records are instead: file:///srv/renders or s3://bucket/prefix.'),
  SOUNDFONT_DIR: z.string().min(1).optional().describe('Folder of sound fonts; uploads go there too.'),
  SAMPLES_DIR: z.string().min(1).optional().describe('Folder of sample folders; uploads go there too.'),
  CATALOGUE_FILES: list.default([]).describe('Files that describe instruments.'),
  DEFAULT_SOUNDFONT: z
    .string()
    .min(1)
    .optional()
    .describe('File of the font for General MIDI; a small one comes along.'),
  MAX_BODY_BYTES: whole(1024, 1024 * mebibyte)
    .default(16 * mebibyte)
    .describe('A score, as sent and once inflated.'),
  MAX_PARTS: whole(1, 65_536).default(256).describe('Parts of a score.'),
  MAX_NOTES: whole(1, 100_000_000).default(1_000_000).describe('Notes of a score.'),
  MAX_DURATION_SECONDS: whole(1, 7 * 86_400)
    .default(7200)
    .describe('Length of the music.'),
  GONE_SECONDS: whole(0, 31_536_000).default(604_800).describe('How long deleted renders answer 410.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .optional()
    .describe('OpenTelemetry collector (OTLP over HTTP) that traces go to.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much is logged, as JSON lines.'),
};

/** The environment has mistakes; the message names every variable concerned. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly mistakes: readonly string[]) {
    super(`The configuration has mistakes:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
  }
}

/**
 * Reads variables and gathers what is wrong with them. Empty ones count as unset. Values are not repeated in messages: some are secret.
 */
export class EnvironmentReader<Shape extends z.ZodRawShape> {
  readonly mistakes: string[] = [];
  /** What could be read. */
  readonly values: Partial<z.output<z.ZodObject<Shape>>> = {};

  constructor(
    readonly schema: z.ZodObject<Shape>,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    for (const [name, variable] of Object.entries(schema.shape)) {
      const single = z.object({ [name]: variable });
      const value = { [name]: environment[name] || undefined };
      const parsed = single.safeParse(value);
      if (parsed.success) Object.assign(this.values, parsed.data);
      else
        for (const { message } of schemaFaults(single, value, parsed.error.issues))
          this.mistakes.push(`${name}: ${message}`);
    }
  }

  /** Lets whoever uses a setting say what is wrong with it; null when something is. */
  attempt<T>(name: string, use: () => T): T | null {
    try {
      return use();
    } catch (error) {
      this.mistakes.push(`${name}: ${error instanceof Error ? error.message : 'is not valid'}`);
      return null;
    }
  }

  /**
   * Everything, once there is no mistake.
   * @throws ConfigError naming every mistake
   */
  complete(): z.output<z.ZodObject<Shape>> {
    if (this.mistakes.length > 0) throw new ConfigError(this.mistakes);
    return this.values as z.output<z.ZodObject<Shape>>;
  }
}

/** EX_CONFIG of sysexits(3): starting again would end the same. */
export const configExitStatus = 78;

/** With which status a service ends that could not start. */
export function exitStatusOf(error: unknown): number {
  return isSettingFault(error) ? configExitStatus : 1;
}

/** What an operator reads of it: faults of settings without the place in the code. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isSettingFault(error) ? error.message : (error.stack ?? error.message);
}

/** Also what an instrument or a list of keys named by the settings is refused for. */
function isSettingFault(error: unknown): boolean {
  return error instanceof Error && ['ConfigError', 'InstrumentError', 'KeyListError'].includes(error.name);
}
