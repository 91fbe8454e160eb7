import { FolderBlobStore } from '@musistrata/blob-store';
import { RenderCaretaker, RenderStation } from '@musistrata/render-queue';
import { burnRunner } from './burn-runner.js';

/** A worker process as a test starts it: one station, one caretaker, events as lines of JSON. */
const [, , redisUrl = '', name = '', folder = ''] = process.argv;
const common = {
  redisUrl,
  name,
  engineVersion: '1',
  store: new FolderBlobStore({ folder: `${folder}/blobs`, flush: false }),
  onFault: (fault: unknown, where: string) => process.stderr.write(`${where}: ${String(fault)}\n`),
};
const station = await RenderStation.open({
  ...common,
  runner: burnRunner,
  slots: 2,
  workFolder: `${folder}/work`,
  lockSeconds: 2,
  stalledCheckSeconds: 0.5,
  onEvent: ({ kind, renderIds, ...event }) =>
    process.stdout.write(
      `${JSON.stringify({ kind, renderIds, outcome: 'outcome' in event ? event.outcome : null })}\n`,
    ),
});
const caretaker = await RenderCaretaker.open({ ...common, recoverySeconds: 0.5 });
process.once('SIGTERM', async () => {
  await Promise.all([station.close(5), caretaker.close()]);
  process.exit(0);
});
// Last: a test may end this process as soon as it has read it.
process.stdout.write('{"kind":"ready"}\n');
