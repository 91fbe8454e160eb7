import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BlobStore } from './blob-store.js';
import { FolderBlobStore, type FolderBlobStoreOptions } from './folder-blob-store.js';
import type { S3BlobStoreOptions } from './s3-blob-store.js';

export type BlobStoreConfig =
  | ({ readonly kind: 'folder' } & FolderBlobStoreOptions)
  | ({ readonly kind: 's3' } & S3BlobStoreOptions);

/** The one way to a blob store: API, workers and tools open it from the same configuration. What S3 needs is loaded for S3 only. */
export async function openBlobStore(config: BlobStoreConfig): Promise<BlobStore> {
  if (config.kind === 'folder') return new FolderBlobStore(config);
  const { S3BlobStore } = await import('./s3-blob-store.js');
  return new S3BlobStore(config);
}

/** What is wrong with a STORAGE_URL. */
export class StorageUrlError extends Error {
  override readonly name = 'StorageUrlError';
}

/**
 * Reads STORAGE_URL, which API and workers MUST share: `file:///srv/renders`, or `s3://bucket/prefix?region=eu-central-1&endpoint=https://s3.example.org`
 * (also `pathStyle=true|false`, `verify=size|bytes`). Keys of S3 come from where the AWS SDK finds them.
 * @param url undefined is the data folder itself
 * @throws StorageUrlError
 */
export function readStorageUrl(url: string | undefined, dataFolder: string): BlobStoreConfig {
  if (!url) return { kind: 'folder', folder: resolve(dataFolder) };
  if (!URL.canParse(url)) throw new StorageUrlError('must be a file: or s3: URL');
  const parsed = new URL(url);
  if (parsed.protocol === 'file:') return { kind: 'folder', folder: fileURLToPath(parsed) };
  if (parsed.protocol !== 's3:') throw new StorageUrlError('must be a file: or s3: URL');
  if (!parsed.hostname) throw new StorageUrlError('must name a bucket: s3://bucket');
  const query = parsed.searchParams;
  const known = ['region', 'endpoint', 'pathStyle', 'verify'];
  for (const name of query.keys())
    if (!known.includes(name))
      throw new StorageUrlError(`has an unknown setting ${name}; there are ${known.join(', ')}`);
  const prefix = parsed.pathname.replace(/^\/+|\/+$/g, '');
  const region = query.get('region');
  const endpoint = query.get('endpoint');
  const pathStyle = choice(query, 'pathStyle', ['true', 'false']);
  const verify = choice(query, 'verify', ['size', 'bytes']);
  return {
    kind: 's3',
    bucket: parsed.hostname,
    ...(prefix ? { prefix: `${prefix}/` } : {}),
    ...(region ? { region } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(pathStyle ? { pathStyle: pathStyle === 'true' } : {}),
    ...(verify ? { verify } : {}),
  };
}

function choice<const T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | null {
  const given = query.get(name);
  if (given === null) return null;
  const found = values.find((value) => value === given);
  if (!found) throw new StorageUrlError(`must have ${name}=${values.join(' or ')}`);
  return found;
}
