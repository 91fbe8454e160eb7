import { clientError } from '../error.js';
import { bodyChunks } from '../http/body-chunks.js';
import type { Transport } from '../http/transport.js';

/** Where a file is and what is known of it before it is fetched. */
export interface FileSource {
  /** Relative to the base URL. */
  readonly path: string;
  readonly bytes: number | null;
}

export interface ReceiveOptions {
  /** Bytes that are there already: the first that is asked for. @default 0 */
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A connection over which nothing has come for so long is given up and opened anew. */
const SILENCE_SECONDS = 30;

/**
 * The bytes of a file in order. A connection that breaks on the way is resumed where it broke (RFC 9110 section 14.2), under the entity tag of the
 * first answer, so that bytes of two different files never meet.
 */
export async function* receivedBytes(
  transport: Transport,
  source: FileSource,
  { from = 0, signal }: ReceiveOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  const patience = transport.patience(signal);
  let offset = from;
  let etag: string | null = null;
  // A file that has arrived already has no byte left that could be asked for.
  while (offset === 0 || offset !== source.bytes) {
    try {
      const response = await transport.attempt({ path: source.path, headers: rangeHeaders(offset, etag), signal });
      let known = knownBytes(response, offset, etag);
      etag = strongTag(response);
      for await (const chunk of bodyChunks(response, SILENCE_SECONDS)) {
        const fresh = chunk.subarray(Math.min(known, chunk.length));
        known -= chunk.length - fresh.length;
        if (fresh.length === 0) continue;
        offset += fresh.length;
        patience.renew();
        yield fresh;
      }
      if (source.bytes === null || offset === source.bytes) return;
      throw clientError('network', `${response.url} ended after ${offset} of ${source.bytes} bytes.`);
    } catch (error) {
      await patience.after(error);
    }
  }
}

function rangeHeaders(offset: number, etag: string | null): Record<string, string> {
  return {
    accept: '*/*',
    ...(offset > 0 && { range: `bytes=${offset}-` }),
    ...(offset > 0 && etag !== null && { 'if-range': etag }),
  };
}

/** How many bytes at the start of an answer have come before: all before `offset` when the service sends the whole file again. */
function knownBytes(response: Response, offset: number, etag: string | null): number {
  if (offset === 0) return 0;
  if (response.status === 206) {
    const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
    if (start !== undefined && Number(start) === offset) return 0;
  } else if (etag === null || etag === strongTag(response)) return offset;
  throw clientError('download-changed', `${response.url} is not the file it was when the download began.`);
}

function strongTag(response: Response): string | null {
  const tag = response.headers.get('etag');
  return tag?.startsWith('"') ? tag : null;
}
