import { exitStatusOf, faultText } from '@musistrata/render-queue';
import { readConfig } from './config.js';
import { createApi } from './create-api.js';

/** Runs the API by itself until it is told to stop. */
async function main(): Promise<void> {
  const api = await createApi(readConfig(process.env));
  const stop = () => {
    // A second signal means now.
    process.once('SIGTERM', () => process.exit(1));
    process.once('SIGINT', () => process.exit(1));
    api.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await api.listen();
}

main().catch((error: unknown) => {
  console.error(faultText(error));
  process.exit(exitStatusOf(error));
});
