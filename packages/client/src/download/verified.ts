import { clientError } from '../error.js';

/** A SHA-256 in the making. */
export interface Digest {
  update(bytes: Uint8Array): unknown;
  /** Lower-case hexadecimal. */
  hex(): string;
}

/** Passes chunks on and ends with an error when all of them together are not the file they should be. */
export async function* verified(
  chunks: AsyncIterable<Uint8Array>,
  sha256: string,
  digest: Digest,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) {
    digest.update(chunk);
    yield chunk;
  }
  const found = digest.hex();
  if (found !== sha256)
    throw clientError('download-corrupt', `The file has the SHA-256 ${found}, the service announced ${sha256}.`);
}
