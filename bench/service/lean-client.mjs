import { connect } from 'node:net';

const endOfHead = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection that knows just enough HTTP for a benchmark: a request at a time, written in one piece, answers with Content-Length.
 * A full client would take as much of the machine as the service that it measures.
 */
export class LeanConnection {
  #socket;
  #pending = null;
  #head = Buffer.alloc(0);
  #answer = null;
  #left = 0;

  static open(port, host = '127.0.0.1') {
    return new Promise((resolve, reject) => {
      const connection = new LeanConnection();
      connection.#socket = connect({ port, host, noDelay: true }, () => resolve(connection));
      connection.#socket.on('error', (error) => {
        reject(error);
        connection.#pending?.reject(error);
      });
      connection.#socket.on('close', () => connection.#pending?.reject(new Error('The connection was closed.')));
      connection.#socket.on('data', (chunk) => connection.#take(chunk));
    });
  }

  /** @returns {Promise<{ status: number, head: string, body: Buffer | null, bytes: number }>} the body of answers below a megabyte, the size of larger ones */
  send(request) {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#pending = null;
    this.#socket.destroy();
  }

  #take(chunk) {
    let rest = chunk;
    if (this.#answer === null) {
      this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const end = this.#head.indexOf(endOfHead);
      if (end < 0) return;
      const head = this.#head.toString('latin1', 0, end);
      rest = this.#head.subarray(end + 4);
      this.#head = Buffer.alloc(0);
      const status = Number(head.slice(9, 12));
      const bytes = status === 204 || status === 304 ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      this.#left = bytes;
      this.#answer = { status, head, bytes, chunks: bytes < 1e6 ? [] : null };
    }
    this.#left -= rest.length;
    this.#answer.chunks?.push(rest);
    if (this.#left > 0) return;
    const { status, head, bytes, chunks } = this.#answer;
    const pending = this.#pending;
    this.#answer = null;
    this.#pending = null;
    pending?.resolve({ status, head, bytes, body: chunks && Buffer.concat(chunks) });
  }
}

/** A request as it goes over the wire. */
export function wireRequest(method, path, { headers = {}, body = '' } = {}) {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
