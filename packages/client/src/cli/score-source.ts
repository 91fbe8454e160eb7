import { createReadStream } from 'node:fs';
import { basename, extname } from 'node:path';
import { ScoreError } from '@musistrata/render-core/score/score-error.js';
import { DEFAULT_SCORE_LIMITS } from '@musistrata/render-core/score/score-limits.js';

/** A score before it is read. */
export interface ScoreSource {
  /** As the user calls it. */
  readonly label: string;
  /** For the names of what becomes of it: no folder, no extension. */
  readonly stem: string;
  /** Null for standard input. */
  readonly path: string | null;
  /** @throws ScoreError when there is more of it than anything would take. */
  read(): Promise<Uint8Array>;
}

/** @param argument a path, or `-` */
export function scoreSource(argument: string, standardInput: AsyncIterable<Uint8Array>): ScoreSource {
  if (argument === '-')
    return { label: 'standard input', stem: 'audio', path: null, read: () => collected(standardInput) };
  const stem = basename(argument, extname(argument));
  return { label: argument, stem, path: argument, read: () => collected(createReadStream(argument)) };
}

async function collected(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > DEFAULT_SCORE_LIMITS.maxBytes) throw ScoreError.tooLarge('bytes', bytes, DEFAULT_SCORE_LIMITS.maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
