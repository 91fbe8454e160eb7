import { isEventId, type Render, type RenderChange } from '@musistrata/render-queue';
import { EventStream, eventFrame } from '../http/event-stream.js';
import { whileWanted } from '../renders/client-gone.js';
import { hasEnded, presentRender } from '../renders/present-render.js';
import { assertVisible } from '../renders/visible-render.js';
import type { Service } from '../service.js';
import { renderParams } from './render-id.js';
import { defineRoute } from './route.js';

/** Id of the last event: a client that comes back with it has everything. */
const endId = 'end';

export const watchRender = defineRoute({
  method: 'get',
  path: '/v1/renders/{id}/events',
  scope: 'read',
  signable: true,
  operationId: 'watchRender',
  tag: 'renders',
  summary: 'What happens to a render, as it happens',
  description:
    'Server-Sent Events. `status`: the render, at the start and whenever its status changes. `progress`: rendered seconds, a few times a second. ' +
    '`warning`: something the reader of the score should know, once each. `done`: the ended render, then the stream ends. ' +
    '`gone`: it was deleted. A client that comes back with Last-Event-ID gets what it has missed; after `done` it gets 204, which tells browsers to stop.',
  params: renderParams,
  responses: {
    200: { description: 'The events.', content: { 'text/event-stream': { schema: null } } },
    204: { description: 'Last-Event-ID names the last event: there is nothing more.' },
  },
  problems: ['render-not-found', 'render-gone', 'link-invalid'],
  async handle({ request, response, params: { id }, caller }, service) {
    response.locals.renderId = id;
    await assertVisible(id, caller, service);
    const after = String(request.headers['last-event-id'] ?? '');
    if (after === endId) {
      response.writeHead(204).end();
      return;
    }
    // Whoever names an event that was never sent knows nothing yet.
    const resumes = isEventId(after);
    const wanted = whileWanted(response, service);
    const early: RenderChange[] = [];
    let tell: (change: RenderChange) => void = (change) => early.push(change);
    const stop = service.desk.watch(id, (change) => tell(change), resumes ? { after } : {});
    try {
      // Subscribed first, read then: what happens in between is told, not missed.
      const render = await service.desk.get(id);
      if (request.method === 'HEAD') {
        response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
        response.writeHead(200).end();
        return;
      }
      service.metrics.watchers.inc();
      try {
        await new Promise<void>((resolve) => {
          const stream = new EventStream(response, 2000);
          const end = () => {
            tell = () => undefined;
            stream.end();
            resolve();
          };
          wanted.addEventListener('abort', end, { once: true });
          const told = new Set<string>();
          tell = (change) => {
            if (change.kind === 'progress' && stream.behind) return;
            if (change.render) tellWarnings(stream, change.render, told);
            stream.send(frameOf(change, service));
            if (change.render === null || hasEnded(change.render)) end();
          };
          if (!resumes || hasEnded(render)) tell({ eventId: '', kind: 'status', render });
          for (const change of early) tell(change);
          // The client may have left, or the process begun to stop, before there was anybody to hear of it.
          if (wanted.aborted) end();
        });
      } finally {
        service.metrics.watchers.dec();
      }
    } finally {
      stop();
    }
  },
});

/** Five hundred watchers of one change share its text. */
const frames = new WeakMap<RenderChange, string>();

function frameOf(change: RenderChange, service: Service): string {
  const known = frames.get(change);
  if (known !== undefined) return known;
  const frame = makeFrame(change, service);
  frames.set(change, frame);
  return frame;
}

function makeFrame({ kind, render, eventId }: RenderChange, service: Service): string {
  const id = eventId === '' ? undefined : eventId;
  if (render === null) return eventFrame('gone', {}, endId);
  if (hasEnded(render)) return eventFrame('done', presentRender(render, service), endId);
  if (kind === 'status') return eventFrame('status', presentRender(render, service), id);
  const { progress, queuePosition, estimatedSeconds } = render;
  return eventFrame('progress', { ...progress, queuePosition, estimatedSeconds }, id);
}

/** Tells the warnings that this watcher has not had yet. */
function tellWarnings(stream: EventStream, render: Render, told: Set<string>): void {
  for (const warning of render.warnings) {
    const key = `${warning.code} ${warning.pointer ?? ''} ${warning.message}`;
    if (!told.has(key)) stream.send(eventFrame('warning', warning));
    told.add(key);
  }
}
