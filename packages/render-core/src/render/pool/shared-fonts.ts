import type { MessagePort } from 'node:worker_threads';
import { SoundFont } from '../../instruments/sound-font.js';
import type { FontReply, FontRequest } from './font-messages.js';

interface Waiting {
  resolve(font: SoundFont): void;
  reject(error: Error): void;
}

/** A render thread's view of the fonts that the font thread holds. */
export class SharedFonts {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (reply: FontReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('font' in reply) waiting?.resolve(SoundFont.fromShared(reply.font));
      else
        waiting?.reject(
          Object.assign(new Error(reply.error.message), reply.error.code ? { code: reply.error.code } : {}),
        );
    });
    port.unref();
  }

  /** @throws Error with the `code` that the font thread met */
  load(path: string, name: string): Promise<SoundFont> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ id, path, name } satisfies FontRequest);
    });
  }
}
