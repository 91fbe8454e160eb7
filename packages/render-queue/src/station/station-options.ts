import type { BlobStore } from '@musistrata/blob-store';
import type { FaultListener } from '../redis/connect.js';
import type { Tracing } from '../tracing.js';
import type { RenderJobRunner } from './render-job.js';

/** What a station did; for metrics and logs. */
export type StationEvent =
  | {
      readonly kind: 'started';
      readonly jobId: string;
      readonly renderIds: readonly string[];
      readonly attempt: number;
      /** From enqueueing to the first start; null on later attempts. */
      readonly waitedSeconds: number | null;
    }
  | {
      readonly kind: 'ended';
      readonly jobId: string;
      readonly renderIds: readonly string[];
      /** `found`: the files were there already. `retried`: a fault that gets another attempt. `handed-over`: the station had to stop. */
      readonly outcome: 'succeeded' | 'found' | 'refused' | 'failed' | 'retried' | 'canceled' | 'handed-over';
      /** Of the problem, when there was one. */
      readonly code: string | null;
      readonly error: unknown;
      readonly renderSeconds: number;
      readonly audioSeconds: number;
      readonly bytes: number;
    };

export interface RenderStationOptions {
  readonly redisUrl: string;
  readonly store: BlobStore;
  readonly runner: RenderJobRunner;
  /** Version of the engine that the runner has: the station takes jobs of this version only. */
  readonly engineVersion: string;
  /** Renders at once. */
  readonly slots: number;
  /** For files being made; on the file system of the folder store, publishing is a rename. */
  readonly workFolder: string;
  /** Separates installations that share one Redis. @default 'musistrata' */
  readonly name?: string;
  /** Most renders of one tenant at once over all stations; 0 is no limit. @default 0 */
  readonly tenantConcurrency?: number;
  /** A station that has not renewed its lock for so long is taken for dead. @default 20 */
  readonly lockSeconds?: number;
  /** How often dead stations' jobs are looked for. @default 5 */
  readonly stalledCheckSeconds?: number;
  /** How many stations one job may kill before it is given up. @default 2 */
  readonly maxStalls?: number;
  /** How long deleted renders are remembered. @default 604800 */
  readonly goneSeconds?: number;
  /** @default nothing is traced */
  readonly tracing?: Tracing;
  readonly onEvent?: (event: StationEvent) => void;
  readonly onFault: FaultListener;
}
