import { pathToFileURL } from 'node:url';

/**
 * Runs a service under `npm start`: when the parent is gone, however it ended, the service drains and ends too,
 * so that no orphan keeps a port or the queue.
 */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const main = process.argv[2];
if (!main) throw new Error('service-guard needs the module to run');
await import(pathToFileURL(main).href);
