import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const PINO_WARN = 40;

/** Shows on the console what an operator must see of a service's log: warnings, errors, and whatever is not a log line. */
export function echoWarnings(name: string, stream: Readable): void {
  createInterface({ input: stream }).on('line', (line) => {
    const text = consoleText(line);
    if (text !== null) console.error(`[${name}] ${text}`);
  });
}

function consoleText(line: string): string | null {
  if (!line.startsWith('{')) return line.trim() === '' ? null : line;
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('level' in entry)) return line;
    if (typeof entry.level === 'number' && entry.level < PINO_WARN) return null;
    const message = 'msg' in entry ? String(entry.msg) : line;
    const cause = 'err' in entry && typeof entry.err === 'object' && entry.err !== null ? entry.err : null;
    return cause && 'message' in cause ? `${message}: ${String(cause.message)}` : message;
  } catch {
    return line;
  }
}
