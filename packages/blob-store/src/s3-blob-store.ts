import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  assertBlobKey,
  assertBlobPrefix,
  BlobDamagedError,
  BlobNotFoundError,
  BlobRangeError,
  StorageUnavailableError,
} from './blob-key.js';
import type { BlobInfo, BlobStore, ByteRange, PresignOptions } from './blob-store.js';
import { sliceStream } from './slice-stream.js';

export interface S3BlobStoreOptions {
  readonly bucket: string;
  /** Before every key, with a slash at its end: several installations may share a bucket. @default '' */
  readonly prefix?: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** Of a server other than AWS. */
  readonly endpoint?: string;
  /** `endpoint/bucket` instead of `bucket.endpoint`: what most servers other than AWS want. @default true when there is an endpoint */
  readonly pathStyle?: boolean;
  /** Without, the SDK looks for them: environment, files, instance role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /**
   * What is compared after an upload: the size, or (read back) every byte. Servers that do not understand a framing have been seen to store it as content
   * and report success.
   * @default 'bytes'
   */
  readonly verify?: 'size' | 'bytes';
}

/** Five MiB is the least that S3 takes for a part but the last. */
const partBytes = 8 * 1024 * 1024;

/** Keys are object names. S3 shows an object whole or not at all; uploads that were cut short are for a lifecycle rule of the bucket to delete. */
export class S3BlobStore implements BlobStore {
  readonly kind = 's3';
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #verify: 'size' | 'bytes';

  constructor(options: S3BlobStoreOptions) {
    this.#bucket = options.bucket;
    this.#prefix = options.prefix ?? '';
    this.#verify = options.verify ?? 'bytes';
    assertBlobPrefix(this.#prefix);
    this.#client = new S3Client({
      region: options.region ?? 'us-east-1',
      ...(options.endpoint ? { endpoint: options.endpoint } : {}),
      forcePathStyle: options.pathStyle ?? options.endpoint !== undefined,
      ...(options.credentials ? { credentials: { ...options.credentials } } : {}),
      // The default sends checksums in a trailer with a framing that several servers store as content.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const command = new PutObjectCommand({
      ...this.#object(key),
      Body: bytes,
      ContentLength: bytes.byteLength,
      // Refused by the server when it does not fit what arrived.
      ContentMD5: createHash('md5').update(bytes).digest('base64'),
    });
    await reached(this.#client.send(command));
  }

  async putFile(key: string, path: string): Promise<void> {
    const { size } = await stat(path);
    const hash = createHash('sha256');
    const counted = createReadStream(path, { highWaterMark: 1024 * 1024 }).pipe(
      new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      }),
    );
    const upload = new Upload({
      client: this.#client,
      params: { ...this.#object(key), Body: counted },
      partSize: partBytes,
      queueSize: 2,
    });
    await reached(upload.done());
    await this.#compare(key, size, hash.digest('hex'));
    await unlink(path);
  }

  async get(key: string): Promise<Buffer | null> {
    const command = new GetObjectCommand(this.#object(key));
    try {
      const answer = await this.#client.send(command);
      return answer.Body ? Buffer.from(await answer.Body.transformToByteArray()) : Buffer.alloc(0);
    } catch (error) {
      if (isAbsent(error)) return null;
      throw new StorageUnavailableError(error);
    }
  }

  async stat(key: string): Promise<BlobInfo | null> {
    const command = new HeadObjectCommand(this.#object(key));
    try {
      const answer = await this.#client.send(command);
      return { key, bytes: answer.ContentLength ?? 0, modifiedAt: answer.LastModified ?? new Date(0) };
    } catch (error) {
      if (isAbsent(error)) return null;
      throw new StorageUnavailableError(error);
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    if (range && range.end < range.start) throw new BlobRangeError(key, 0);
    const command = new GetObjectCommand({
      ...this.#object(key),
      ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
    });
    try {
      const answer = await this.#client.send(command);
      // An empty object has no body on some servers.
      const body = answer.Body ? (answer.Body as Readable) : Readable.from([]);
      return range ? exactly(body, range, answer.ContentRange) : body;
    } catch (error) {
      if (isAbsent(error)) throw new BlobNotFoundError(key);
      if (statusOf(error) === 416) throw new BlobRangeError(key, (await this.stat(key))?.bytes ?? 0);
      throw new StorageUnavailableError(error);
    }
  }

  async delete(key: string): Promise<void> {
    await reached(this.#client.send(new DeleteObjectCommand(this.#object(key))));
  }

  async *list(prefix: string): AsyncIterable<BlobInfo> {
    assertBlobPrefix(prefix);
    let token: string | undefined;
    do {
      const command: ListObjectsV2Command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: this.#prefix + prefix,
        ContinuationToken: token,
      });
      const page = await reached(this.#client.send(command));
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        if (Key === undefined) continue;
        yield { key: Key.slice(this.#prefix.length), bytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async check(): Promise<void> {
    const key = `health/${randomBytes(8).toString('hex')}`;
    const bytes = randomBytes(16);
    await this.put(key, bytes);
    const read = await this.get(key);
    await this.delete(key);
    if (!read?.equals(bytes)) throw new Error(`The bucket ${this.#bucket} does not give back what was written`);
  }

  presign(key: string, options: PresignOptions): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#object(key),
      ResponseContentType: options.contentType,
      ...(options.contentDisposition ? { ResponseContentDisposition: options.contentDisposition } : {}),
    });
    return getSignedUrl(this.#client, command, { expiresIn: options.seconds });
  }

  async #compare(key: string, bytes: number, sha256: string): Promise<void> {
    const stored = await this.stat(key);
    let right = stored?.bytes === bytes;
    if (right && this.#verify === 'bytes') {
      const hash = createHash('sha256');
      for await (const chunk of await this.read(key)) hash.update(chunk as Buffer);
      right = hash.digest('hex') === sha256;
    }
    if (right) return;
    await this.delete(key);
    throw new BlobDamagedError(key, bytes, stored?.bytes ?? null);
  }

  #object(key: string): { Bucket: string; Key: string } {
    assertBlobKey(key);
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }
}

/** Waits for an answer; whatever comes instead of one says that the storage cannot be used. */
async function reached<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    throw new StorageUnavailableError(error);
  }
}

/** Some servers answer with more than the range, or with everything. */
function exactly(body: Readable, range: ByteRange, contentRange: string | undefined): Readable {
  const [, start, end] = /^bytes (\d+)-(\d+)/.exec(contentRange ?? '') ?? [];
  if (Number(start) === range.start && Number(end) <= range.end) return body;
  return sliceStream(body, range.start - Number(start ?? 0), range.end - range.start + 1);
}

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return null;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return null;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null;
}

function isAbsent(error: unknown): boolean {
  // A missing bucket is 404 too, but must not look like a missing blob.
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : '';
  return statusOf(error) === 404 && name !== 'NoSuchBucket';
}
