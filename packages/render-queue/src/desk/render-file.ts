import type { Readable } from 'node:stream';
import type { BlobStore, ByteRange, PresignOptions } from '@musistrata/blob-store';

/** `{stem: n}` is the file of part n. */
export type RenderFileName = 'audio' | 'timing' | 'peaks' | { readonly stem: number };

/** A finished file, ready to be streamed in whole or in part. */
export interface RenderFile {
  /** Where it lies in the blob store, for presigned redirects. */
  readonly key: string;
  readonly contentType: string;
  readonly bytes: number;
  /** Strong validator. */
  readonly sha256: string;
  /** When it was published. */
  readonly modifiedAt: Date;
  /** Without the point: wav, flac, mp3, opus, json. */
  readonly extension: string;
  /** Both ends of the range included. Destroying the stream releases everything. */
  read(range?: ByteRange): Promise<Readable>;
  /** A URL that gives the file without this server; null where the storage has none. */
  presign(options: PresignOptions): Promise<string | null>;
}

export function renderFile(
  store: BlobStore,
  key: string,
  file: { name: string; contentType: string; bytes: number; sha256: string },
  publishedAt: string,
): RenderFile {
  return {
    key,
    contentType: file.contentType,
    bytes: file.bytes,
    sha256: file.sha256,
    modifiedAt: new Date(publishedAt),
    extension: file.name.slice(file.name.lastIndexOf('.') + 1),
    read: (range) => store.read(key, range),
    presign: async (options) => (await store.presign?.(key, options)) ?? null,
  };
}
