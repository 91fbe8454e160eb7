export * from './blob-key.js';
export type * from './blob-store.js';
export * from './folder-blob-store.js';
export * from './folder-flush.js';
export * from './open-blob-store.js';
export * from './s3-blob-store.js';
