import type { BlobStore } from '@musistrata/blob-store';
import type { z } from 'zod';
import { blobKeys, renderIdOf } from './blob-keys.js';
import {
  type EndedRecord,
  type Ending,
  endedRecordSchema,
  type Manifest,
  manifestSchema,
  type RequestRecord,
  requestRecordSchema,
} from './records.js';

/** A record in the blob store that this version cannot read. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';

  constructor(
    readonly key: string,
    cause: unknown,
  ) {
    super(`${key} is not a record of this version`, { cause });
  }
}

/** Scores that no render refers to are kept this long, so that a submission can count on one that it has just seen. */
export const scoreGraceSeconds = 3600;

/**
 * The truth about renders, in the blob store. Redis is rebuilt from it. The order of writes is what recovery relies on:
 * request before enqueueing; files, then manifest, then the ended record, and only then is the open record deleted.
 */
export class RenderArchive {
  readonly #freshScores = new Map<string, number>();

  constructor(readonly store: BlobStore) {}

  /** Stores a score under its digest, unless it is there and safe from the sweep. */
  async putScore(sha256: string, bytes: Uint8Array): Promise<void> {
    const now = Date.now();
    const fresh = this.#freshScores.get(sha256);
    if (fresh !== undefined && now - fresh < (scoreGraceSeconds * 1000) / 2) return;
    const key = blobKeys.score(sha256);
    const found = await this.store.stat(key);
    let since = found?.modifiedAt.getTime() ?? 0;
    // Writing it again makes it young again.
    if (!found || found.bytes !== bytes.byteLength || now - since > (scoreGraceSeconds * 1000) / 2) {
      await this.store.put(key, bytes);
      since = now;
    }
    if (this.#freshScores.size >= 10_000) this.#freshScores.clear();
    this.#freshScores.set(sha256, since);
  }

  getScore(sha256: string): Promise<Buffer | null> {
    return this.store.get(blobKeys.score(sha256));
  }

  async putOpen(request: RequestRecord): Promise<void> {
    await this.store.put(blobKeys.open(request.id), encode(request));
  }

  getOpen(id: string): Promise<RequestRecord | null> {
    return this.#record(blobKeys.open(id), requestRecordSchema);
  }

  async deleteOpen(id: string): Promise<void> {
    await this.store.delete(blobKeys.open(id));
  }

  /** Writes down how a render ended. The open record stays until everybody has been told. */
  async putEnded(request: RequestRecord, ending: Ending): Promise<void> {
    const webhookSettled = !request.webhook?.events.includes(`render.${ending.status}`);
    const record: EndedRecord = { version: 1, request, ending, deliveries: [], webhookSettled };
    await this.replaceEnded(record);
  }

  async replaceEnded(record: EndedRecord): Promise<void> {
    await this.store.put(blobKeys.ended(record.request.id), encode(record));
  }

  getEnded(id: string): Promise<EndedRecord | null> {
    return this.#record(blobKeys.ended(id), endedRecordSchema);
  }

  /** Forgets a render but that it existed. */
  async bury(id: string): Promise<void> {
    await this.store.put(blobKeys.gone(id), new Uint8Array());
    await this.store.delete(blobKeys.ended(id));
    await this.deleteOpen(id);
  }

  async isGone(id: string): Promise<boolean> {
    return (await this.store.stat(blobKeys.gone(id))) !== null;
  }

  /** One that cannot be read counts as none: a new render replaces it. */
  async getManifest(content: string): Promise<Manifest | null> {
    try {
      return await this.#record(blobKeys.manifest(content), manifestSchema);
    } catch (error) {
      if (error instanceof UnreadableRecordError) return null;
      throw error;
    }
  }

  /** Publishes: MUST come after every file of the content is in place. */
  async putManifest(manifest: Manifest): Promise<void> {
    await this.store.put(blobKeys.manifest(manifest.content), encode(manifest));
  }

  /** Deletes the files of a content, the manifest first: nobody sees a manifest whose files are missing. */
  async deleteOutputs(content: string): Promise<void> {
    await this.store.delete(blobKeys.manifest(content));
    for await (const { key } of this.store.list(blobKeys.output(content, ''))) await this.store.delete(key);
  }

  async *openIds(): AsyncIterable<string> {
    for await (const { key } of this.store.list(blobKeys.opens)) yield renderIdOf(key);
  }

  async *endedIds(): AsyncIterable<string> {
    for await (const { key } of this.store.list(blobKeys.endeds)) yield renderIdOf(key);
  }

  async #record<T>(key: string, schema: z.ZodType<T>): Promise<T | null> {
    const bytes = await this.store.get(key);
    if (!bytes) return null;
    try {
      return schema.parse(JSON.parse(bytes.toString('utf8')));
    } catch (error) {
      throw new UnreadableRecordError(key, error);
    }
  }
}

function encode(record: object): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}
