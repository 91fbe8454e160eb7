import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is read of a body that nobody wants, and for how long. */
const mostBytes = 64 * 1024 * 1024;
const mostMs = 5000;

/**
 * Lets a client that is still sending its body read the refusal: closing at once would reset the connection, and the answer with it
 * (RFC 9112 section 9.6). The rest is thrown away within bounds; then the connection is cut.
 */
export function discardRest(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (request.complete || request.destroyed || response.getHeader('Connection') === 'close') return;
  const cut = setTimeout(() => socket.destroy(), mostMs).unref();
  let bytes = 0;
  request.unpipe();
  request.removeAllListeners('data');
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) socket.destroy();
  });
  request.on('error', () => undefined);
  for (const end of ['end', 'close'] as const) request.once(end, () => clearTimeout(cut));
  request.resume();
}
