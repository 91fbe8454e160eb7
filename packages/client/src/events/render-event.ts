import type { Render, Warning } from '../types.js';
import type { ServerSentEvent } from './server-sent-events.js';

/** What changes while a render is made. */
export type RenderProgress = Render['progress'] & Pick<Render, 'queuePosition' | 'estimatedSeconds'>;

/** Something that happened to a render. `id` is to be given as `lastEventId` by who wants to hear what came after it. */
export type RenderEvent = { readonly id: string | null } & (
  | { readonly type: 'status'; readonly render: Render }
  | { readonly type: 'progress'; readonly progress: RenderProgress }
  | { readonly type: 'warning'; readonly warning: Warning }
  /** It has ended, in whatever way; the last event. */
  | { readonly type: 'done'; readonly render: Render }
  /** It was deleted; the last event. */
  | { readonly type: 'gone' }
);

/** An event as the service sends it, understood; null for kinds that only later services know. */
export function asRenderEvent({ id, type, data }: ServerSentEvent): RenderEvent | null {
  switch (type) {
    case 'status':
    case 'done':
      return { id, type, render: data as Render };
    case 'progress':
      return { id, type, progress: data as RenderProgress };
    case 'warning':
      return { id, type, warning: data as Warning };
    case 'gone':
      return { id, type };
    default:
      return null;
  }
}

/** A render after something has happened to it; null as long as nobody has told what it was before. */
export function afterEvent(render: Render | null, event: RenderEvent): Render | null {
  switch (event.type) {
    case 'status':
    case 'done':
      return event.render;
    case 'progress': {
      const { queuePosition, estimatedSeconds, ...progress } = event.progress;
      return render && { ...render, progress, queuePosition, estimatedSeconds };
    }
    default:
      return render;
  }
}
