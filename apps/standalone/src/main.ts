import { readConfig } from './config.js';
import { Stack } from './stack.js';
import { welcome } from './welcome.js';

const starting = new AbortController();
let started: Stack | null = null;
const stopAsked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      starting.abort();
      resolve();
      // A second Ctrl-C does not wait for renders.
      process.once(signal, () => {
        const ended = started?.endNow() ?? Promise.resolve();
        void ended.finally(() => process.exit(130));
      });
    });
  }
});

try {
  const config = readConfig(process.env);
  const stack = await Stack.start(config, process.env, starting.signal);
  started = stack;
  console.log(
    welcome({
      url: stack.url,
      redis: stack.redis.description,
      dataFolder: config.dataFolder,
      workers: `${config.workers} (${config.workerConcurrency} renders at once each)`,
    }),
  );
  const redisEnded = stack.redis.ended.then(() => 'redis' as const);
  const hopeless = stack.hopeless.catch((reason: unknown) => reason as Error);
  const end = await Promise.race([stopAsked, redisEnded, hopeless]);
  if (end === 'redis') {
    console.error('Redis has ended; stopping. Nothing is lost: the next start continues.');
    process.exitCode = 1;
  } else if (end instanceof Error) {
    console.error(`${end.message} Stopping. Nothing is lost: the next start continues.`);
    process.exitCode = 1;
  } else {
    console.log('Finishing what is being rendered. Ctrl-C again ends at once.');
  }
  await stack.stop();
} catch (error) {
  if (!starting.signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
