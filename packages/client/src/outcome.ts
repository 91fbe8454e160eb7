import { clientError } from './error.js';
import type { AudioFile, Render } from './types.js';

export type SucceededRender = Render & { readonly audio: AudioFile };

/** Whether nothing about a render will change any more. */
export function hasEnded(render: Render): boolean {
  return render.status !== 'queued' && render.status !== 'rendering';
}

/** A render that has ended, if it succeeded; throws what ended it otherwise. */
export function succeeded(render: Render): SucceededRender {
  const { status, audio, error } = render;
  if (status === 'succeeded' && audio) return { ...render, audio };
  if (status === 'canceled')
    throw clientError('render-canceled', error?.message ?? `The render ${render.id} was canceled.`);
  if (!hasEnded(render))
    throw clientError('render-unfinished', `The render ${render.id} is ${status}; it has no files yet.`);
  const reason = error ? `${error.message} (${error.code})` : 'for an unknown reason';
  throw clientError('render-failed', `The render ${render.id} failed: ${reason}`);
}
