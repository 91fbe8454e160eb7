import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthChecks {
  /** What is missing for taking jobs, in words; empty when nothing is. */
  readonly missing: () => Promise<readonly string[]>;
}

/** Answers `/livez` (the process runs) and `/readyz` (it takes jobs); resolves with the server and its port. */
export async function startHealthServer(
  host: string,
  port: number,
  { missing }: HealthChecks,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/livez') return answer(200, { status: 'ok' });
    if (request.url !== '/readyz') return answer(404, { status: 'not-found' });
    missing().then(
      (list) =>
        answer(list.length === 0 ? 200 : 503, { status: list.length === 0 ? 'ok' : 'not-ready', missing: list }),
      (error: unknown) => answer(503, { status: 'not-ready', missing: [String(error)] }),
    );
  });
  server.headersTimeout = 5000;
  server.requestTimeout = 5000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}
