import type { Readable } from 'node:stream';

/** What is known of a stored blob. */
export interface BlobInfo {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** First and last byte, both included, as in RFC 9110 section 14.1.2. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What the answer to a presigned URL looks like. */
export interface PresignOptions {
  /** How long the URL works; at most a week. */
  readonly seconds: number;
  readonly contentType: string;
  readonly contentDisposition?: string;
}

/**
 * Where scores, records and audio live. Keys are slash-separated segments of `[A-Za-z0-9._-]`, never starting with a dot;
 * anything else is refused before it reaches a file name. A blob is published whole or not at all: no reader sees half of it.
 * A storage that is away or refuses rejects with the error of the file system, or with a StorageUnavailableError where it is reached by a network.
 */
export interface BlobStore {
  /** `folder` or `s3`, for logs and readiness. */
  readonly kind: string;
  /** POST /v1/renders stores the score and the request; workers store records. Replaces what was there. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Workers publish finished files: takes the file at `path` over (it is gone afterwards). */
  putFile(key: string, path: string): Promise<void>;
  /** Small blobs whole; null when there is none. */
  get(key: string): Promise<Buffer | null>;
  /** GET and HEAD of audio; null when there is none. */
  stat(key: string): Promise<BlobInfo | null>;
  /** GET of audio; rejects with a BlobNotFoundError when there is none. Destroying the stream releases everything. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** DELETE and retention; deleting what is not there is not an error. */
  delete(key: string): Promise<void>;
  /** Recovery and retention: every blob whose key starts with `prefix`, in no particular order. */
  list(prefix: string): AsyncIterable<BlobInfo>;
  /** Readiness: rejects when blobs can be neither written nor read. */
  check(): Promise<void>;
  /** GET of audio by redirect: a URL that gives the blob without this server. Only where the storage can do it. */
  presign?(key: string, options: PresignOptions): Promise<string>;
}
