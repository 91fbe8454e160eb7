import type { BlobStore } from '@musistrata/blob-store';
import type { z } from 'zod';
import { blobKeys, renderIdOf } from './blob-keys.js';
import {
  type EndedRecord,
  type Ending,
  endedRecordSchema,
  type Manifest,
  manifestSchema,
  openRecordSchema,
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

/** Scores up to this size lie in the record of their render: one flushed write instead of two. */
const smallScoreBytes = 16 * 1024;

/**
 * The truth about renders, in the blob store. Redis is rebuilt from it. The order of writes is what recovery relies on:
 * request before enqueueing; files, then manifest, then the ended record, and only then is the open record deleted.
 */
export class RenderArchive {
  readonly #freshScores = new Map<string, number>();

  constructor(readonly store: BlobStore) {}

  /** The score that was sent with a request; null when it is gone already. */
  async getScore({ id, score }: RequestRecord): Promise<Buffer | null> {
    const small = await this.#smallScore(id);
    return small === null ? this.store.get(blobKeys.score(score.sha256)) : Buffer.from(small, 'base64');
  }

  /** When it resolves, the request and its score survive whatever happens. */
  async putOpen(request: RequestRecord, score: Uint8Array): Promise<void> {
    const small = score.byteLength <= smallScoreBytes;
    if (!small) await this.#putScore(request.score.sha256, score);
    const scoreBase64 = small ? Buffer.from(score).toString('base64') : null;
    await this.store.put(blobKeys.open(request.id), encode({ ...request, scoreBase64 }));
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
    const scoreBase64 = await this.#smallScore(request.id);
    const record: EndedRecord = { version: 1, request, scoreBase64, ending, deliveries: [], webhookSettled };
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
    await this.deleteEnded(id);
    await this.deleteOpen(id);
  }

  async deleteEnded(id: string): Promise<void> {
    await this.store.delete(blobKeys.ended(id));
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

  /** Whether what a manifest promises first of all is there: other hands, or a rule of the bucket, may have deleted it. */
  async hasAudio({ content, audio }: Manifest): Promise<boolean> {
    return (await this.store.stat(blobKeys.output(content, audio.name))) !== null;
  }

  /** Says no longer that the files of a content are there. */
  async deleteManifest(content: string): Promise<void> {
    await this.store.delete(blobKeys.manifest(content));
  }

  /** Deletes the files of a content, the manifest first: nobody sees a manifest whose files are missing. */
  async deleteOutputs(content: string): Promise<void> {
    await this.deleteManifest(content);
    for await (const { key } of this.store.list(blobKeys.output(content, ''))) await this.store.delete(key);
  }

  async #smallScore(id: string): Promise<string | null> {
    const open = await this.#record(blobKeys.open(id), openRecordSchema);
    // An end that is written down again after an interruption finds no open record any more.
    return (open ?? (await this.getEnded(id)))?.scoreBase64 ?? null;
  }

  /** Stores a score under its digest, unless it is there and safe from the sweep. */
  async #putScore(sha256: string, bytes: Uint8Array): Promise<void> {
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
