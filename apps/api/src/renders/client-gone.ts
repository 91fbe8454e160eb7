import type { ServerResponse } from 'node:http';
import { Problem } from '../problems/problem.js';
import type { Service } from '../service.js';

/**
 * Aborts when there is no use in waiting any longer: the client has left (or has its answer), or this process is stopping.
 * Not made by AbortSignal.any: that would keep every request in memory for as long as the process lives.
 */
export function whileWanted(response: ServerResponse, { closing }: Service): AbortSignal {
  const wanted = new AbortController();
  const end = () => {
    closing.removeEventListener('abort', end);
    response.off('close', end);
    wanted.abort(closing.aborted ? Problem.shuttingDown() : Problem.bodyIncomplete());
  };
  closing.addEventListener('abort', end);
  response.once('close', end);
  if (closing.aborted || response.closed) end();
  return wanted.signal;
}
