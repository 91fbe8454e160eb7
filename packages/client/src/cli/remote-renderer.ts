import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import type { RenderOptionsInput } from '@musistrata/render-core';
import { MusistrataClient } from '../client.js';
import type { RemoteFile } from '../download/remote-file.js';
import { save } from '../node.js';
import type { ScoreReport } from '../server-types.js';
import type { AudioFile, Render, Score } from '../types.js';
import type { ListedInstrument, Rendered, RenderedFile, Renderer, RenderTask } from './renderer.js';
import type { ScoreSource } from './score-source.js';

/** Renders by a service, and cancels there what is interrupted here. */
export class RemoteRenderer implements Renderer {
  readonly #client: MusistrataClient;

  constructor(baseUrl: URL, apiKey: string | undefined) {
    this.#client = new MusistrataClient({ baseUrl, ...(apiKey !== undefined && { apiKey }) });
  }

  async render<Result>(task: RenderTask, deliver: (rendered: Rendered) => Promise<Result>): Promise<Result> {
    const { source, options, signal, onProgress } = task;
    const onUpdate = ({ status, queuePosition, progress }: Render) => {
      if (status === 'queued') onProgress({ phase: 'queued', before: queuePosition });
      else onProgress({ phase: 'rendering', done: progress.renderedSeconds, total: progress.totalSeconds });
    };
    const render = await this.#client.render(await scoreOf(source), { options, signal, onUpdate });
    const [audio, stems] = await Promise.all([this.#client.audio(render), this.#client.stems(render)]);
    return deliver({
      id: render.id,
      audio: rendered(audio, render.audio, task),
      stems: stems.map(({ file, part, name, ...facts }) => ({ part, name, file: rendered(file, facts, task) })),
      warnings: render.warnings,
    });
  }

  async report(source: ScoreSource, options: RenderOptionsInput, signal: AbortSignal): Promise<ScoreReport> {
    return this.#client.parseScore(await scoreOf(source), { options, signal });
  }

  instruments(signal: AbortSignal): Promise<readonly ListedInstrument[]> {
    return this.#client.instruments({ signal });
  }

  async close(): Promise<void> {}
}

async function scoreOf(source: ScoreSource): Promise<Score> {
  const bytes = await source.read();
  return source.path === null ? { bytes } : { bytes, fileName: source.path.replace(/^.*[/\\]/, '') };
}

function rendered(file: RemoteFile, { url: _, ...facts }: AudioFile, { signal, onProgress }: RenderTask): RenderedFile {
  return {
    facts,
    saveTo: (path) =>
      save(file, path, {
        signal,
        resume: false,
        onProgress: (done, total) => onProgress({ phase: 'downloading', done, total: total ?? done }),
      }),
    pipeTo: async (stream: Writable) => {
      const body = await file.stream({ signal });
      await pipeline(Readable.fromWeb(body as NodeReadableStream), stream, { signal });
    },
  };
}
