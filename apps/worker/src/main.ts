import { exitStatusOf, faultText } from '@musistrata/render-queue';
import { readConfig } from './config.js';
import { createWorker } from './create-worker.js';

/** Runs a worker until it is told to stop. */
async function main(): Promise<void> {
  const starting = createWorker(readConfig(process.env));
  const stop = () => {
    // A second signal means now: other workers take over when the locks run out.
    process.once('SIGTERM', () => process.exit(1));
    process.once('SIGINT', () => process.exit(1));
    starting
      .then((worker) => worker.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await starting;
}

main().catch((error: unknown) => {
  console.error(faultText(error));
  process.exit(exitStatusOf(error));
});
