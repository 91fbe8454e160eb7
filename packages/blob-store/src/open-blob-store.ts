import type { BlobStore } from './blob-store.js';
import { FolderBlobStore, type FolderBlobStoreOptions } from './folder-blob-store.js';

export type BlobStoreConfig = { readonly kind: 'folder' } & FolderBlobStoreOptions;

/** The one way to a blob store: API, workers and tools open it from the same configuration. */
export async function openBlobStore(config: BlobStoreConfig): Promise<BlobStore> {
  return new FolderBlobStore(config);
}
