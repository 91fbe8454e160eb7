import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Render } from '@musistrata/client';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ScriptedService {
  readonly baseUrl: string;
  /** Everything that was asked, in order. */
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** Answers the request number `index` (from 0). */
export type Script = (response: ServerResponse, request: SeenRequest, index: number) => void;

/** A server that misbehaves exactly as a test wants: what the real service cannot be made to do on demand. */
export async function scriptedService(script: Script): Promise<ScriptedService> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (message, response) => {
    const request = await received(message);
    seen.push(request);
    script(response, request, seen.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function received(message: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = message;
  return { method, url, headers, body: Buffer.concat(chunks) };
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export function answerProblem(response: ServerResponse, status: number, code: string, more: object = {}, headers = {}) {
  const problem = { type: `/docs/errors#${code}`, title: code, status, detail: `Refused: ${code}.`, code, ...more };
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify(problem));
}

/** A render as the service shows it, queued unless `changes` say otherwise. */
export function render(changes: Partial<Render> = {}): Render {
  return {
    id: 'r1',
    status: 'queued',
    progress: { renderedSeconds: 0, totalSeconds: 10, fraction: 0 },
    queuePosition: 0,
    estimatedSeconds: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    finishedAt: null,
    expiresAt: null,
    score: { format: 'midi', title: null, durationSeconds: 10, partCount: 1, noteCount: 3, sha256: '0'.repeat(64) },
    options: {} as Render['options'],
    warnings: [],
    audio: null,
    stems: null,
    error: null,
    cached: false,
    metadata: {},
    ...changes,
  };
}
