import { type Render, type RenderDesk, RenderGoneError } from '@musistrata/render-queue';
import { hasEnded } from './present-render.js';

/**
 * Waits until a render has ended, for at most so many seconds or until the signal aborts, and gives it as it is then.
 * @throws RenderNotFoundError, RenderGoneError.
 */
export async function awaitRender(desk: RenderDesk, id: string, seconds: number, signal: AbortSignal): Promise<Render> {
  const deadline = AbortSignal.any([AbortSignal.timeout(seconds * 1000), signal]);
  let stop: () => void = () => undefined;
  try {
    const ended = new Promise<Render | null>((resolve, reject) => {
      stop = desk.watch(id, ({ kind, render }) => {
        if (kind === 'gone') reject(new RenderGoneError(id));
        else if (render && hasEnded(render)) resolve(render);
      });
      deadline.addEventListener('abort', () => resolve(null), { once: true });
    });
    // The watcher is in place: what happens from here on is not missed.
    const now = await desk.get(id);
    if (hasEnded(now) || deadline.aborted) {
      ended.catch(() => undefined);
      return now;
    }
    return (await ended) ?? (await desk.get(id));
  } finally {
    stop();
  }
}
