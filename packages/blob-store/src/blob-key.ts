/** A key that could reach outside the store, or that file systems and S3 treat differently. */
export class BlobKeyError extends Error {
  override readonly name = 'BlobKeyError';

  constructor(readonly key: string) {
    super(`Not a blob key: ${JSON.stringify(key.slice(0, 200))}`);
  }
}

/** Read of a blob that is not (or no longer) there. */
export class BlobNotFoundError extends Error {
  override readonly name = 'BlobNotFoundError';

  constructor(readonly key: string) {
    super(`No blob ${key}`);
  }
}

/** The storage does not answer, or refuses: nothing can be said about the blob. */
export class StorageUnavailableError extends Error {
  override readonly name = 'StorageUnavailableError';

  constructor(cause: unknown) {
    super(`The storage cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** A range that starts beyond the end of the blob (RFC 9110 section 15.5.17). */
export class BlobRangeError extends Error {
  override readonly name = 'BlobRangeError';

  constructor(
    readonly key: string,
    readonly bytes: number,
  ) {
    super(`Range outside of ${key}, which has ${bytes} bytes`);
  }
}

const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** Refuses everything but slash-separated segments of `[A-Za-z0-9._-]` that do not start with a dot; at most 800 characters. */
export function assertBlobKey(key: string): void {
  if (key.length > 800 || !key.split('/').every((part) => segment.test(part))) throw new BlobKeyError(key);
}

/** A prefix is a key, a key and a slash, the start of a key, or nothing. */
export function assertBlobPrefix(prefix: string): void {
  if (prefix !== '') assertBlobKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
}

/** What was uploaded is not what the server has; it has been deleted there. */
export class BlobDamagedError extends Error {
  override readonly name = 'BlobDamagedError';

  constructor(
    readonly key: string,
    sentBytes: number,
    storedBytes: number | null,
  ) {
    super(`${key} was damaged on its way: ${sentBytes} bytes were sent, ${storedBytes ?? 'no'} bytes are stored`);
  }
}
