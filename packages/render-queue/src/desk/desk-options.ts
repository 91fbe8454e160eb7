import type { BlobStore } from '@musistrata/blob-store';
import type { FaultListener } from '../redis/connect.js';
import type { Tracing } from '../tracing.js';

export interface RenderDeskOptions {
  /** `redis://` or `rediss://`. */
  readonly redisUrl: string;
  readonly store: BlobStore;
  /** Version of the engine: part of the content address, so that an upgrade renders anew. */
  readonly engineVersion: string;
  /** Separates installations that share one Redis. @default 'musistrata' */
  readonly name?: string;
  /** Most jobs waiting; 0 is no limit. @default 10000 */
  readonly maxQueued?: number;
  /** Most unfinished renders of one tenant; 0 is no limit. @default 0 */
  readonly tenantMaxUnfinished?: number;
  /** How long ended renders are kept unless the submission says otherwise; null is for ever. @default 86400 */
  readonly ttlSeconds?: number | null;
  /** How long Idempotency-Keys are remembered. @default 86400 */
  readonly idempotencySeconds?: number;
  /** How long deleted renders answer RenderGoneError. @default 604800 */
  readonly goneSeconds?: number;
  /** Attempts at a job that fails by no fault of the score. @default 3 */
  readonly attempts?: number;
  /** @default nothing is traced */
  readonly tracing?: Tracing;
  /** Told about faults that the desk survives: lost connections, records that cannot be read. */
  readonly onFault: FaultListener;
}
