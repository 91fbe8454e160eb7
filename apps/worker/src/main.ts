import { closeOnSignals, exitStatusOf, faultText } from '@musistrata/render-queue';
import { readConfig } from './config.js';
import { createWorker } from './create-worker.js';

/** Runs a worker until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const starting = createWorker(config);
  closeOnSignals(async () => (await starting).close(), config.SHUTDOWN_SECONDS);
  await starting;
}

main().catch((error: unknown) => {
  console.error(faultText(error));
  process.exit(exitStatusOf(error));
});
