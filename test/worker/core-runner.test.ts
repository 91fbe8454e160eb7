import { describe, expect, test } from '@jest/globals';
import { RenderCanceledError, type RenderedJob, type RunOptions, renderOptionsSchema } from '@musistrata/render-core';
import { coreRunner } from '@musistrata/worker';

/** Renders for ever, until it is told to stop. */
const endless = {
  run: (_job: unknown, { signal }: RunOptions = {}) =>
    new Promise<RenderedJob>((_, reject) => {
      signal?.addEventListener('abort', () => reject(new RenderCanceledError()));
    }),
};
const job = {
  bytes: new Uint8Array(),
  hint: { format: 'midi', fileName: null },
  options: renderOptionsSchema.parse({}),
  soundIdentity: null,
  outputFolder: '/nowhere',
  renderId: 'r',
} as const;

describe('a render that would take for ever', () => {
  test('is refused at the deadline, so that it is not tried again', async () => {
    const run = coreRunner(endless, {}, 0.05);
    const { signal } = new AbortController();
    await expect(run(job, { signal, onProgress: () => undefined })).rejects.toMatchObject({
      name: 'RefusedScoreError',
      code: 'render-too-slow',
    });
  });

  test('stays canceled when it is canceled before', async () => {
    const run = coreRunner(endless, {}, 60);
    const controller = new AbortController();
    const running = run(job, { signal: controller.signal, onProgress: () => undefined });
    controller.abort();
    await expect(running).rejects.toBeInstanceOf(RenderCanceledError);
  });
});
