import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { clientError } from '../error.js';
import { bodyChunks } from '../http/body-chunks.js';
import type { Transport } from '../http/transport.js';

export interface ServerSentEvent {
  readonly id: string | null;
  readonly type: string;
  readonly data: unknown;
}

export interface EventStreamOptions {
  /** What came after this event is told first. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The service sends a heartbeat more often than this; without one the connection is dead. */
const SILENCE_SECONDS = 45;

/**
 * Server-Sent Events of an address for as long as the reader wants them: a stream that breaks or ends is opened again after the last event
 * that came (HTML Living Standard 9.2). It is the reader who knows which event is the last.
 */
export async function* serverSentEvents(
  transport: Transport,
  path: string,
  { lastEventId, signal }: EventStreamOptions = {},
): AsyncGenerator<ServerSentEvent, void, void> {
  const patience = transport.patience(signal);
  let last = lastEventId;
  for (;;) {
    try {
      const headers = { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) };
      const response = await transport.attempt({ path, headers, signal });
      // How a service says that nothing follows the last event that this client knows.
      if (response.status === 204) return;
      if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
        throw clientError('answer-unreadable', `${response.url} did not answer with events.`, {
          status: response.status,
        });
      for await (const message of messagesOf(response)) {
        patience.renew();
        last = message.id ?? last;
        yield { id: message.id ?? null, type: message.event ?? 'message', data: parsed(message.data, response.url) };
      }
      throw clientError('network', `${response.url} ended its events.`);
    } catch (error) {
      await patience.after(error);
    }
  }
}

async function* messagesOf(response: Response): AsyncGenerator<EventSourceMessage, void, void> {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of bodyChunks(response, SILENCE_SECONDS)) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* messages.splice(0);
  }
}

function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw clientError('answer-unreadable', `${url} sent an event that is not JSON.`, { cause });
  }
}
