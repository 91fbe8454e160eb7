/** A refusal by the service. */
export class Refusal extends Error {
  /** @param {{detail?: string, title?: string, code?: string, status?: number, errors?: {pointer?: string, parameter?: string, message: string}[]}} problem */
  constructor(problem) {
    super(problem.detail ?? problem.title ?? 'The service did not answer.');
    this.title = problem.title ?? this.message;
    this.code = problem.code ?? '';
    this.status = problem.status ?? 0;
    this.errors = problem.errors ?? [];
  }
}

const keyName = 'musistrata-api-key';

/** The API key is kept for this tab only. */
export const apiKey = {
  get: () => sessionStorage.getItem(keyName) ?? '',
  set: (key) => sessionStorage.setItem(keyName, key),
};

/** Asks the service; gives the Response, or throws a Refusal. */
export async function ask(path, init = {}) {
  const headers = new Headers(init.headers);
  if (apiKey.get() !== '') headers.set('Authorization', `Bearer ${apiKey.get()}`);
  const response = await fetch(path, { ...init, headers }).catch(() => {
    throw new Refusal({ detail: 'The service cannot be reached.' });
  });
  if (response.ok) return response;
  throw new Refusal(await response.json().catch(() => ({ title: response.statusText, status: response.status })));
}

/**
 * Watches a render until it has ended, coming back when the connection breaks. Server-Sent Events over fetch, because an EventSource cannot
 * send a key.
 */
export async function watch(id, onEvent, signal) {
  let lastEventId = '';
  while (!signal.aborted) {
    try {
      const headers = lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId };
      const response = await ask(`/v1/renders/${id}/events`, { headers, signal });
      if (response.status === 204) return;
      for await (const event of eventsOf(response.body)) {
        if (event.id !== '') lastEventId = event.id;
        onEvent(event.name, event.data);
        if (event.name === 'done' || event.name === 'gone') return;
      }
    } catch (error) {
      if (signal.aborted || (error instanceof Refusal && error.status >= 400 && error.status < 500)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function* eventsOf(body) {
  let text = '';
  for await (const chunk of chunksOf(body.pipeThrough(new TextDecoderStream()))) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const field = (name) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('event') !== '') yield { name: field('event'), id: field('id'), data: JSON.parse(field('data')) };
    }
  }
}

/** Not every browser lets streams be iterated. */
async function* chunksOf(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
