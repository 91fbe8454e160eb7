import { sha256 as newSha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import type { Transport } from '../http/transport.js';
import type { CallOptions } from '../types.js';
import { type FileSource, type ReceiveOptions, receivedBytes } from './received-bytes.js';
import { verified } from './verified.js';

export interface RemoteFileFacts extends FileSource {
  readonly contentType: string;
  readonly sha256: string | null;
}

/** A file that the service keeps. Nothing is fetched before it is read; every reading is a new download. */
export class RemoteFile {
  readonly #transport: Transport;
  readonly #facts: RemoteFileFacts;

  constructor(transport: Transport, facts: RemoteFileFacts) {
    this.#transport = transport;
    this.#facts = facts;
  }

  get contentType(): string {
    return this.#facts.contentType;
  }

  /** Size, or null where it is not known before the end. */
  get bytes(): number | null {
    return this.#facts.bytes;
  }

  /** SHA-256 of the whole file in hexadecimal, or null where it is not known. */
  get sha256(): string | null {
    return this.#facts.sha256;
  }

  /** The bytes from `from` on as they come, not verified: for readers that keep a digest of their own. Broken connections are resumed. */
  chunks(options: ReceiveOptions = {}): AsyncGenerator<Uint8Array, void, void> {
    return receivedBytes(this.#transport, this.#facts, options);
  }

  /** The file as a stream; resolves when its first bytes are there. The stream ends with an error when the file is not whole and right. */
  async stream({ signal }: CallOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const control = new AbortController();
    const either = signal ? AbortSignal.any([signal, control.signal]) : control.signal;
    const iterator = this.#checked(either)[Symbol.asyncIterator]();
    let next = await iterator.next();
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (next.done) return controller.close();
        controller.enqueue(next.value);
        next = await iterator.next();
        if (next.done) controller.close();
      },
      cancel(reason) {
        control.abort(reason);
      },
    });
  }

  /** The file in memory. */
  async blob({ signal }: CallOptions = {}): Promise<Blob> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of this.#checked(signal)) parts.push(new Uint8Array(chunk));
    return new Blob(parts, { type: this.contentType });
  }

  #checked(signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
    const chunks = this.chunks({ signal });
    if (this.sha256 === null) return chunks;
    const digest = newSha256.create();
    return verified(chunks, this.sha256, {
      update: (bytes) => digest.update(bytes),
      hex: () => bytesToHex(digest.digest()),
    });
  }
}
