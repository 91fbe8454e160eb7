import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder } from '@musistrata/blob-store';
import type { StandaloneConfig } from './config.js';
import { assertAddressFree } from './free-address.js';
import { untilReady } from './readiness.js';
import { findRedis, type RunningRedis } from './redis/index.js';
import { ServiceProcess } from './service-process.js';

const START_DEADLINE_MS = 60_000;
const MAIN = {
  api: fileURLToPath(new URL('../../api/dist/main.js', import.meta.url)),
  worker: fileURLToPath(new URL('../../worker/dist/main.js', import.meta.url)),
};

/** Redis, the API and the workers as one thing that is started and stopped. */
export class Stack {
  private constructor(
    readonly url: string,
    readonly redis: RunningRedis,
    private readonly services: readonly ServiceProcess[],
    private readonly deadlineMs: number,
  ) {
    this.hopeless = Promise.race(services.map((service) => service.hopeless));
    this.hopeless.catch(() => undefined);
  }

  /** Rejects when a service cannot start (again) with these settings: nothing will bring it back. */
  readonly hopeless: Promise<never>;

  /**
   * Starts everything and waits until a render could be made. What was started is stopped again when something does not come up.
   * @throws NoRedisError, FolderInUseError, or an Error that says which service is not ready and why
   */
  static async start(config: StandaloneConfig, environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Stack> {
    const logs = join(config.dataFolder, 'logs');
    try {
      await makeFolder(logs);
      for (const folder of [config.dataFolder, logs]) await access(folder, constants.W_OK);
    } catch (error) {
      throw new Error(`The folder ${config.dataFolder} cannot be used (DATA_DIR): ${(error as Error).message}`);
    }
    await assertAddressFree(config.host, config.port);
    const redis = await findRedis(environment, config.dataFolder);
    const common = {
      REDIS_URL: redis.url,
      DATA_DIR: config.dataFolder,
      SOUNDFONT_DIR: config.soundFontFolder,
      SAMPLES_DIR: config.samplesFolder,
      SHUTDOWN_SECONDS: `${config.shutdownSeconds}`,
    };
    const workers = Array.from({ length: config.workers }, (_, index) => {
      const name = config.workers === 1 ? 'worker' : `worker-${index + 1}`;
      return new ServiceProcess({
        name,
        main: MAIN.worker,
        logFile: join(logs, `${name}.log`),
        // Workers of one machine would fight over a fixed health port; the parent sees for itself whether they live.
        environment: { ...common, WORKER_CONCURRENCY: `${config.workerConcurrency}`, HEALTH_PORT: '0' },
      });
    });
    const api = new ServiceProcess({
      name: 'api',
      main: MAIN.api,
      logFile: join(logs, 'api.log'),
      environment: { ...common, HOST: config.host, PORT: `${config.port}` },
    });
    const stack = new Stack(
      `http://${urlHost(config.host)}:${config.port}`,
      redis,
      [api, ...workers],
      config.shutdownSeconds * 1000 + 2000,
    );
    const failed = new AbortController();
    try {
      await Promise.race([
        untilReady(`${stack.url}/readyz`, START_DEADLINE_MS, AbortSignal.any([signal, failed.signal])),
        stack.hopeless,
      ]);
    } catch (error) {
      failed.abort();
      await stack.stop();
      throw error;
    }
    return stack;
  }

  /** Lets the services finish what they are doing, up to their deadline, and then ends Redis. */
  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop(this.deadlineMs)));
    await this.redis.stop();
  }

  /** Lets nothing be finished. What was being rendered is rendered again after the next start. */
  async endNow(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop(0)));
    await this.redis.stop();
  }
}

/** The name under which a newcomer's browser and curl reach an address. */
function urlHost(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::' || host === '::1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
