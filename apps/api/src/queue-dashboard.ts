import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { RenderDesk } from '@musistrata/render-queue';
import type { RequestHandler } from 'express';

/** The dashboard needs its own scripts and styles, some of them inline; nothing from elsewhere. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; frame-ancestors 'none'";

const foreignStyle = /<link href="https:[^>]*>/g;

/** Bull Board for operators, below `path`. Who may see it is decided before. */
export function queueDashboard(desk: RenderDesk, path: string): RequestHandler {
  const adapter = new ExpressAdapter();
  adapter.setBasePath(path);
  createBullBoard({
    queues: [new BullMQAdapter(desk.queue, { description: 'Render jobs' })],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Musistrata Render' } },
  });
  const router = adapter.getRouter() as RequestHandler;
  return (request, response, next) => {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    // Its page asks for a font from elsewhere, which the policy would only refuse with a complaint.
    const send = response.send.bind(response);
    response.send = (body: unknown) => send(typeof body === 'string' ? body.replace(foreignStyle, '') : body);
    return router(request, response, next);
  };
}
