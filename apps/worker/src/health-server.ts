import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** `/livez`, `/readyz` and `/metrics` for whoever runs the worker; nothing else is served. */
export class HealthServer {
  private constructor(
    private readonly server: Server,
    /** Where it listens. */
    readonly port: number,
  ) {}

  /** @param problems what keeps the worker from taking jobs; empty when it is ready */
  static async open(
    host: string,
    port: number,
    registry: Registry,
    problems: () => Promise<readonly string[]>,
  ): Promise<HealthServer> {
    const server = createServer(async (request, response) => {
      const answer = (status: number, body: object | string, type = 'application/json') =>
        response
          .writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
          .end(typeof body === 'string' ? body : JSON.stringify(body));
      try {
        switch (request.method === 'GET' || request.method === 'HEAD' ? request.url : '') {
          case '/livez':
            return answer(200, { status: 'alive' });
          case '/readyz': {
            const missing = await problems();
            return missing.length === 0
              ? answer(200, { status: 'ready', missing })
              : answer(503, { status: 'not ready', missing });
          }
          case '/metrics':
            return answer(200, await registry.metrics(), registry.contentType);
          default:
            return answer(404, { status: 'not found' });
        }
      } catch (error) {
        return answer(500, { status: String(error) });
      }
    });
    server.requestTimeout = 10_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new HealthServer(server, (server.address() as AddressInfo).port);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
