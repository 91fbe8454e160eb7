import type { Request, Response } from 'express';
import { sendFile } from '../http/send-file.js';
import { whileWanted } from '../renders/client-gone.js';
import type { Service } from '../service.js';
import { defineRoute } from './route.js';

const longestWaitSeconds = 30;

export const getDemo = defineRoute({
  method: 'get',
  path: '/t1.wav',
  scope: null,
  operationId: 'getDemo',
  tag: 'pages',
  summary: 'The demo: ten seconds of piano',
  responses: {
    200: { description: 'The file.', content: { 'audio/wav': { schema: null } } },
    206: { description: 'The ranges asked for.', content: { 'audio/wav': { schema: null } } },
    304: { description: 'The client has this version.' },
  },
  problems: ['render-unfinished', 'render-failed', 'precondition-failed', 'range-not-satisfiable'],
  handle: ({ request, response }, service) => answerWithDemo(request, response, service),
});

/** Answers as the first server of this family did, but for its faults: the right type, a length, a validator, and no work done twice. */
export async function answerWithDemo(request: Request, response: Response, service: Service): Promise<void> {
  const { id } = await service.demo.finished(longestWaitSeconds, whileWanted(response, service));
  const file = await service.desk.openFile(id, 'audio');
  await sendFile(request, response, {
    bytes: file.bytes,
    contentType: file.contentType,
    sha256: file.sha256,
    lastModified: file.modifiedAt,
    name: 't1.wav',
    disposition: 'attachment',
    cacheControl: 'no-cache',
    read: (range) => file.read(range),
  });
}
