export * from './blob-key.js';
export type * from './blob-store.js';
export { FileStream } from './file-stream.js';
export * from './folder-blob-store.js';
export * from './folder-flush.js';
export * from './make-folder.js';
export * from './open-blob-store.js';
export type * from './s3-blob-store.js';
