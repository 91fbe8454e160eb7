import { closeOnSignals, exitStatusOf, faultText } from '@musistrata/render-queue';
import { readConfig } from './config.js';
import { createApi } from './create-api.js';

/** Runs the API by itself until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const api = await createApi(config);
  closeOnSignals(() => api.close(), config.SHUTDOWN_SECONDS);
  await api.listen();
}

main().catch((error: unknown) => {
  console.error(faultText(error));
  process.exit(exitStatusOf(error));
});
