import { createHash } from 'node:crypto';
import {
  type Catalogue,
  describeParts,
  estimateRender,
  jsonPointer,
  type PartSummary,
  type Performance,
  parseScore,
  type RenderOptions,
  renderFaults,
  type SchemaFault,
  ScoreError,
  type ScoreLimits,
  schemaFaults,
  sniffFormat,
  transformPerformance,
  type Warning,
} from '@musistrata/render-core';
import type { ScoreSummary, Webhook } from '@musistrata/render-queue';
import type { z } from 'zod';
import type { ProblemCode } from '../problems/codes.js';
import { type Fault, faultSummary } from '../problems/fault.js';
import { expectedSeconds } from './expected-seconds.js';
import { type PlannedSound, planSounds } from './planned-sounds.js';
import { faultInOption, type OptionPairs, readOptions } from './read-options.js';
import { metadataSchema, webhookRequestSchema, wrapperSchema } from './submission-schema.js';

/** A request body with what stands beside it, to be understood. Can be sent to a thread. */
export interface ReadTask {
  readonly bytes: Uint8Array;
  /** Content type or file name. */
  readonly hint: string;
  readonly fileName: string | null;
  /** Query parameters and form fields. */
  readonly pairs: OptionPairs;
  /** Members that came as form fields, as JSON. */
  readonly members: Readonly<Partial<Record<'options' | 'webhook' | 'metadata', string>>>;
  readonly limits: ScoreLimits;
  readonly maxOutputBytes: number;
  /** The format to render in when the options name none. */
  readonly acceptedFormat?: RenderOptions['format'];
}

/** A body that has been understood and is within every limit. */
export interface ReadSubmission {
  /** The score's own bytes; null when the body is nothing else. */
  readonly score: Uint8Array | null;
  readonly summary: ScoreSummary;
  readonly parts: readonly PartSummary[];
  /** What plays each part; null plays nothing. */
  readonly sounds: readonly (PlannedSound | null)[];
  /** Digest of everything that the parts are played with. */
  readonly soundIdentity: string;
  readonly fileName: string | null;
  readonly options: RenderOptions;
  readonly expectedSeconds: number;
  readonly mostOutputBytes: number;
  readonly warnings: readonly Warning[];
  readonly webhook: Webhook | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Why a body is refused, in a form that can leave a thread. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly Fault[];
}

export type ReadResult =
  | { readonly ok: true; readonly submission: ReadSubmission }
  | { readonly ok: false; readonly refusal: Refusal };

/** Understands a body: what is wrong with its score, its options and its other members is reported all at once. */
export async function readSubmission(task: ReadTask, catalogue: Catalogue): Promise<ReadResult> {
  const opened = openBody(task);
  if ('refusal' in opened) return { ok: false, refusal: opened.refusal };
  const { score, bytes, members, scorePointer } = opened;
  const options = readOptions(members.options, task.pairs, task.acceptedFormat);
  const faults: Fault[] = [...options.faults];
  const webhook = member('webhook', webhookRequestSchema, members.webhook, faults);
  const metadata = member('metadata', metadataSchema, members.metadata, faults);

  let written: Performance;
  let played: Performance;
  try {
    const { options: known } = options;
    written = await parseScore(score === undefined ? { bytes } : { song: score }, {
      hint: task.hint,
      limits: task.limits,
      ...(known ? { pitch: known.pitch, octaveShift: known.octaveShift } : {}),
    });
    played = known ? transformPerformance(written, known, task.limits) : written;
  } catch (error) {
    if (!(error instanceof ScoreError)) throw error;
    const errors = error.errors.map(({ pointer, message }) => ({ pointer: scorePointer + pointer, message }));
    if (faults.length > 0) return refuse([...faults, ...errors]);
    const code = error.code === 'score-unreadable' && /\bjson\b/i.test(task.hint) ? 'malformed-json' : error.code;
    return { ok: false, refusal: { code, detail: error.message, errors } };
  }
  if (options.options === null || faults.length > 0)
    return refuse(faults, options.faults.length === faults.length ? 'options-invalid' : 'request-invalid');

  const applied = options.options;
  const inOptions = (pointer: string, message: string) =>
    faultInOption(pointer.split('/').slice(1), message, task.pairs);
  const misfits = renderFaults(played, applied).map(({ pointer, message }) => inOptions(pointer, message));
  if (misfits.length > 0) return refuse(misfits, 'options-invalid');
  const planned = await planSounds(catalogue, played, applied, (pointer, message) =>
    /^\/(parts|soundFont)\b/.test(pointer) ? inOptions(pointer, message) : { pointer: scorePointer + pointer, message },
  );
  if (!planned.ok) return refuse(planned.faults, planned.code);
  const estimate = estimateRender(played, applied);
  if (estimate.fileBytes > task.maxOutputBytes) {
    const detail = `The audio could take ${estimate.fileBytes} bytes, the limit is ${task.maxOutputBytes}. Ask for a smaller format or a range.`;
    return { ok: false, refusal: { code: 'output-too-large', detail } };
  }
  const own = score === undefined ? bytes : Buffer.from(JSON.stringify(score));
  return {
    ok: true,
    submission: {
      score: own === task.bytes ? null : own,
      summary: {
        format: written.format,
        title: written.title,
        durationSeconds: written.endSeconds,
        partCount: written.parts.length,
        noteCount: written.noteCount,
        sha256: createHash('sha256').update(own).digest('hex'),
      },
      parts: describeParts(written),
      sounds: planned.sounds,
      soundIdentity: planned.identity,
      fileName: opened.fileName ?? task.fileName,
      options: applied,
      expectedSeconds: expectedSeconds(played, applied, estimate),
      mostOutputBytes: estimate.fileBytes,
      // As the render will have them, which outlives this body: places in the score, however it was sent.
      warnings: [...played.warnings, ...planned.warnings],
      webhook: webhook ?? null,
      metadata: metadata ?? {},
    },
  };
}

interface OpenedBody {
  /** A MusiStrata song that has been parsed as part of a JSON body; otherwise the score is `bytes`. */
  readonly score?: unknown;
  readonly bytes: Uint8Array;
  readonly scorePointer: string;
  readonly fileName: string | null;
  readonly members: { readonly options?: unknown; readonly webhook?: unknown; readonly metadata?: unknown };
}

/** Tells a score from a JSON body around a score. */
function openBody(task: ReadTask): OpenedBody | { readonly refusal: Refusal } {
  const faults: Fault[] = [];
  const fields: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(task.members)) {
    try {
      fields[name] = JSON.parse(text);
    } catch {
      faults.push({ pointer: `/${name}`, message: 'is not JSON' });
    }
  }
  if (faults.length > 0) return refuse(faults);
  const plain = { bytes: task.bytes, scorePointer: '', fileName: null, members: fields };
  if (sniffFormat(task.bytes, task.hint) !== 'musistrata') return plain;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(task.bytes));
  } catch {
    // Not strict JSON: the reader of songs knows more dialects, and says best what is wrong.
    return plain;
  }
  if (typeof value !== 'object' || value === null || !('score' in value)) return plain;
  const wrapper = wrapperSchema.safeParse(value);
  const wrong = schemaFaults(wrapperSchema, value, wrapper.error?.issues ?? []);
  const ofMembers = wrong.filter(({ path }) => path[0] === 'webhook' || path[0] === 'metadata');
  faults.push(...asPointers(wrong.filter((fault) => !ofMembers.includes(fault))));
  const { score, options, webhook, metadata, fileName } = value as Record<string, unknown>;
  const base64 = typeof score === 'string' ? decodeBase64(score) : null;
  if (typeof score === 'string' && base64 === null) faults.push({ pointer: '/score', message: 'is not base64' });
  if (faults.length > 0) {
    faults.push(...asPointers(ofMembers), ...readOptions(options, task.pairs).faults);
    return refuse(faults);
  }
  return {
    ...(base64 ? {} : { score }),
    bytes: base64 ?? task.bytes,
    scorePointer: '/score',
    fileName: typeof fileName === 'string' ? fileName : null,
    members: {
      options: mergeMember(options, fields.options),
      webhook: webhook ?? fields.webhook,
      metadata: metadata ?? fields.metadata,
    },
  };
}

const mergeMember = (inBody: unknown, field: unknown) => (inBody === undefined ? field : inBody);

function decodeBase64(text: string): Uint8Array | null {
  const compact = text.replace(/\s+/g, '');
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(compact) ? Buffer.from(compact, 'base64') : null;
}

function member<T>(name: string, schema: z.ZodType<T>, value: unknown, faults: Fault[]): T | undefined {
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of schemaFaults(schema, value, parsed.error.issues))
    faults.push({ pointer: jsonPointer([name, ...path]), message });
  return undefined;
}

const asPointers = (faults: readonly SchemaFault[]): Fault[] =>
  faults.map(({ path, message }) => ({ pointer: jsonPointer(path), message }));

function refuse(errors: readonly Fault[], code: ProblemCode = 'request-invalid'): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: { code, detail: `The request cannot be accepted: ${faultSummary(errors)}.`, errors } };
}
