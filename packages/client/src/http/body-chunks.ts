import { clientError, MusistrataError } from '../error.js';
import { networkError } from './network-error.js';

/**
 * The chunks of a body as they come. Rejects when nothing has come for `silenceSeconds`: a connection that broke without a word stays silent for ever.
 * Leaving early ends the connection.
 */
export async function* bodyChunks(response: Response, silenceSeconds: number): AsyncGenerator<Uint8Array, void, void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await within(silenceSeconds, reader.read(), response.url);
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw error instanceof MusistrataError ? error : networkError(response.url, error);
  } finally {
    // Of no effect when everything was read; the reason of an earlier failure is thrown already.
    void reader.cancel().catch(() => {});
  }
}

async function within<Value>(seconds: number, reading: Promise<Value>, url: string): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(clientError('timeout', `${url} sent nothing for ${seconds} s.`)), seconds * 1000);
  });
  try {
    return await Promise.race([reading, silence]);
  } finally {
    clearTimeout(timer);
  }
}
