import type { ServerResponse } from 'node:http';
import type { Service } from '../service.js';

/** Aborts when there is no use in waiting any longer: the client has left, or this process is stopping. */
export function whileWanted(response: ServerResponse, service: Service): AbortSignal {
  const left = new AbortController();
  response.once('close', () => left.abort());
  return AbortSignal.any([left.signal, service.closing]);
}
