import { type Render, type RenderDesk, RenderGoneError } from '@musistrata/render-queue';
import { hasEnded } from './present-render.js';

/**
 * Waits until a render has ended, for at most so many seconds or until the signal aborts, and gives it as it is then.
 * @throws RenderNotFoundError, RenderGoneError.
 */
export async function awaitRender(desk: RenderDesk, id: string, seconds: number, signal: AbortSignal): Promise<Render> {
  let stop: () => void = () => undefined;
  let leave: () => void = () => undefined;
  const ended = new Promise<Render | null>((resolve, reject) => {
    stop = desk.watch(id, ({ kind, render }) => {
      if (kind === 'gone') reject(new RenderGoneError(id));
      else if (render && hasEnded(render)) resolve(render);
    });
    leave = () => resolve(null);
  });
  // It may end as gone while nobody awaits it yet.
  ended.catch(() => undefined);
  const deadline = setTimeout(leave, seconds * 1000);
  signal.addEventListener('abort', leave);
  try {
    // The watcher is in place: what happens from here on is not missed.
    const now = await desk.get(id);
    if (hasEnded(now) || signal.aborted) return now;
    return (await ended) ?? (await desk.get(id));
  } finally {
    stop();
    clearTimeout(deadline);
    signal.removeEventListener('abort', leave);
  }
}
