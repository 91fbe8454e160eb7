export { type ClientOptions, MusistrataClient, type Stem } from './client.js';
export { RemoteFile } from './download/remote-file.js';
export { type ClientErrorCode, type Fault, MusistrataError, type ProblemDocument } from './error.js';
export type { RenderEvent, RenderProgress } from './events/render-event.js';
export type { RetryPolicy } from './http/retry-policy.js';
export { hasEnded, type SucceededRender } from './outcome.js';
export type * from './server-types.js';
export type * from './types.js';
