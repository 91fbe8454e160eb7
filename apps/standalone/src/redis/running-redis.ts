/** A server that speaks Redis, found or started. */
export interface RunningRedis {
  readonly url: string;
  /** `url`: somebody else runs it; `server`: a redis-server or valkey-server of this machine; `embedded`: from npm, in memory. */
  readonly backend: 'url' | 'server' | 'embedded';
  /** What it is and why this one, for people: "redis-server 7.0.15 from /usr/bin, append-only file in data/redis". */
  readonly description: string;
  /** Its process, when we started or adopted it. */
  readonly pid: number | null;
  /** Whether queued renders survive its end by themselves. (When not, they are enqueued again from the storage.) */
  readonly durable: boolean;
  /** Resolves when a server that we started ends, whoever ended it; never for `url`. */
  readonly ended: Promise<void>;
  /** Ends a server that we started or adopted; does nothing for `url`. */
  stop(): Promise<void>;
}

/** There is no Redis and none can be started: says what to install. */
export class NoRedisError extends Error {
  override readonly name = 'NoRedisError';
}

/** Another stack works in the same data folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';

  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(
      `${folder} is in use by the process ${pid}: stop that one first, or choose another folder with DATA_DIR for this one.`,
    );
  }
}
