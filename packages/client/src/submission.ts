import type { Score, ScoreBytes, SubmitOptions } from './types.js';

/** A body in memory with its media type. */
export interface Body {
  readonly contentType: string;
  readonly body: Uint8Array | string;
}

const OCTETS = 'application/octet-stream';

/**
 * The body of a submission: JSON for a song, a form for bytes. It is built once, because a repetition under the same Idempotency-Key must be the same
 * request to the byte, and a form gets a new boundary every time.
 */
export async function submissionBody(score: Score, request: SubmitOptions): Promise<Body> {
  const { options, webhook, metadata } = request;
  if (!isBytes(score))
    return { contentType: 'application/json', body: JSON.stringify({ score, options, webhook, metadata }) };
  const form = new FormData();
  for (const [name, value] of Object.entries({ options, webhook, metadata }))
    if (value !== undefined) form.set(name, JSON.stringify(value));
  const file = await asBlob(score);
  form.set('score', file, score.fileName ?? nameOf(score.bytes) ?? 'score');
  const encoded = new Response(form);
  return {
    contentType: encoded.headers.get('content-type') ?? 'multipart/form-data',
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}

function isBytes(score: Score): score is ScoreBytes {
  return 'bytes' in score;
}

/** Files that a browser hands over know their names. */
function nameOf(bytes: ScoreBytes['bytes']): string | undefined {
  return 'name' in bytes && typeof bytes.name === 'string' ? bytes.name : undefined;
}

async function asBlob({ bytes, contentType }: ScoreBytes): Promise<Blob> {
  const type = contentType ?? (bytes instanceof Blob && bytes.type ? bytes.type : OCTETS);
  return new Blob([bytes instanceof Uint8Array ? new Uint8Array(bytes) : bytes], { type });
}

/** 128 random bits in hexadecimal. `crypto.randomUUID` exists on secure pages only. */
export function freshKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
