import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Problem } from './problems/problem.js';
import { problemDocument, problemType } from './problems/problem-document.js';

/** How long a client may take, in milliseconds. */
export interface Patience {
  /** For all headers of a request. */
  readonly headers: number;
  /** For a whole request with its body. */
  readonly request: number;
  /** Without a byte in either direction. Event streams and waiting requests write or end sooner. */
  readonly idle: number;
  /** How often this is looked at. */
  readonly check: number;
}

const patience: Patience = { headers: 15_000, request: 120_000, idle: 120_000, check: 5000 };

/** An HTTP server that no client can hold up: slow requests and silent connections end, broken ones get a problem document. */
export function createHttpServer(
  app: (request: IncomingMessage, response: ServerResponse) => void,
  { headers, request, idle, check }: Patience = patience,
): Server {
  const server = createServer(
    {
      maxHeaderSize: 32 * 1024,
      headersTimeout: headers,
      requestTimeout: request,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: check,
      noDelay: true,
      // Node would answer without a problem document.
      requireHostHeader: false,
    },
    app,
  );
  server.maxHeadersCount = 100;
  server.setTimeout(idle);
  // The route asks for the body itself, once it knows that it wants it.
  server.on('checkContinue', app);
  server.on('checkExpectation', app);
  const answering = new WeakMap<Socket, Set<ServerResponse>>();
  const track = ({ socket }: IncomingMessage, response: ServerResponse) => {
    const open = answering.get(socket) ?? new Set();
    answering.set(socket, open.add(response));
    response.once('close', () => open.delete(response));
  };
  for (const event of ['request', 'checkContinue', 'checkExpectation'] as const) server.prependListener(event, track);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const open = [...(answering.get(socket) ?? [])];
    // An answer that has begun cannot be taken back, and a refusal would look like the answer to the first of several requests.
    const begun = open.length > 1 || open.some((response) => response.headersSent);
    if (error.code === 'ECONNRESET' || !socket.writable || begun) socket.destroy();
    else refuseConnection(error, socket);
  });
  server.on('connect', (_request, socket: Socket) => {
    refuse(new Problem('not-implemented', 'This is no proxy: it does not answer CONNECT.'), socket);
  });
  return server;
}

/** Answers what Node could not read as HTTP, below Express. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('headers-too-large', 'The request line and the headers take more than 32 KiB.')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new Problem('request-timeout', 'The request did not arrive in time.')
        : error.code === 'HPE_INVALID_METHOD' && startsWithToken(error)
          ? new Problem('not-implemented', 'The method is none that HTTP knows.')
          : Problem.malformedRequest('reason' in error ? String(error.reason) : 'it cannot be read');
  refuse(problem, socket);
}

function refuse(problem: Problem, socket: Socket): void {
  const body = JSON.stringify(problemDocument(problem, '*'));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroySoon(),
  );
}

/** Whether what came looks like a method at least (RFC 9110 section 9.1). */
function startsWithToken(error: Error): boolean {
  const packet = 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket : Buffer.alloc(0);
  return /^[!#$%&'*+.^_`|~\w-]{1,40} /.test(packet.subarray(0, 48).toString('latin1'));
}

/** Starts to listen and tells the address. */
export async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server.address() as AddressInfo;
}

/** Takes no more connections, lets those in progress finish until the deadline, then cuts them. */
export async function drain(server: Server, seconds: number): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), seconds * 1000);
  // A connection whose answer ends from now on is kept alive by its client and would last until the deadline.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(deadline);
  clearInterval(idle);
}
