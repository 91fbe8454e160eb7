import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerProblem, createHttpServer, sendFile, toProblem } from '@musistrata/api';

const fileBytes = 200_000_000;
let server: Server;
let port: number;
let pulled = 0;
let released = false;

beforeAll(async () => {
  const app: Parameters<typeof createHttpServer>[0] = (request, response) => {
    if (request.url === '/body') {
      request
        .on('error', () => undefined)
        .on('end', () => response.end('whole'))
        .resume();
      return;
    }
    sendFile(request, response, {
      bytes: fileBytes,
      contentType: 'audio/wav',
      sha256: '0'.repeat(64),
      name: null,
      disposition: 'inline',
      cacheControl: 'no-store',
      read: async () => endless(),
    }).catch((error: unknown) => answerProblem(response, toProblem(error), '/'));
  };
  server = createHttpServer(app, { headers: 400, request: 800, idle: 1500, check: 100 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A file of zeros that counts what is taken of it. */
function endless(): Readable {
  return new Readable({
    read() {
      pulled += 65_536;
      this.push(pulled > fileBytes ? null : Buffer.alloc(65_536));
    },
    destroy(error, done) {
      released = true;
      done(error);
    },
  });
}

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Sends a byte now and then until the server has had enough; gives what it said. */
async function drip(text: string): Promise<string> {
  const socket = await open();
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  const closed = once(socket, 'close');
  for (const byte of text) {
    if (socket.destroyed || socket.readableEnded) break;
    socket.write(byte);
    await sleep(40);
  }
  await closed;
  return answer;
}

describe('slow clients', () => {
  test('must be cut off with 408 when they drip their headers', async () => {
    const answer = await drip(`GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ${'a'.repeat(200)}`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request-timeout"');
  });

  test('must be cut off when they drip their body', async () => {
    const answer = await drip(`POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n${'a'.repeat(200)}`);
    expect(answer).not.toContain('whole');
  });

  test('must be cut off when they say nothing at all', async () => {
    const socket = await open();
    socket.resume();
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });

  test('must not make the server read a file ahead of them, nor keep it open', async () => {
    const socket = await open();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.pause();
    await sleep(700);
    // What the kernel buffers on both sides of a loopback connection, and no more.
    expect(pulled).toBeGreaterThan(0);
    expect(pulled).toBeLessThan(fileBytes / 4);
    for (let attempt = 0; attempt < 100 && !released; attempt++) await sleep(50);
    expect(released).toBe(true);
    socket.destroy();
  });
});
