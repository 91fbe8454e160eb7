import { createReadStream } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RenderOptionsInput } from '@musistrata/render-core';
// One by one: everything else in the library would have to be loaded before the first note.
import {
  type Catalogue,
  type CatalogueConfig,
  openCatalogue,
} from '@musistrata/render-core/instruments/catalogue/catalogue.js';
import {
  type StandardCatalogueSettings,
  standardCatalogue,
} from '@musistrata/render-core/instruments/catalogue/standard-catalogue.js';
import { renderOptionsSchema } from '@musistrata/render-core/options/render-options.js';
import { type RenderedJob, renderJob } from '@musistrata/render-core/render/render-job.js';
import type {
  AudioFacts,
  ListedInstrument,
  Rendered,
  RenderedFile,
  Renderer,
  RenderTask,
  ScoreFacts,
} from './renderer.js';
import type { ScoreSource } from './score-source.js';

/** Beyond this many helper threads the parts of a score that cannot be divided decide. */
const MOST_HELPERS = 8;

/**
 * Renders on this machine, in the calling thread, which lets the event loop turn often enough for Ctrl-C to be heard; other cores help with
 * the voices of all but short scores. Needs no service.
 */
export class LocalRenderer implements Renderer {
  readonly #config: CatalogueConfig;
  #opened: Promise<Catalogue> | null = null;

  constructor(config: CatalogueConfig) {
    this.#config = config;
  }

  async render<Result>(task: RenderTask, deliver: (rendered: Rendered) => Promise<Result>): Promise<Result> {
    const { source, options, destination, signal, onProgress } = task;
    const bytes = await source.read();
    // Beside the file to come, so that moving it there is one step of the file system.
    const outputFolder = await mkdtemp(join(destination ?? tmpdir(), '.musistrata-render-'));
    try {
      const job = {
        bytes,
        options: renderOptionsSchema.parse(options),
        outputFolder,
        ...(source.path !== null && { hint: source.path }),
      };
      const { audio, stems, warnings } = await renderJob(job, await this.#catalogue(), {
        helperThreads: helpersOfThisMachine(),
        isCanceled: () => signal.aborted,
        onProgress: (done, total) => onProgress({ phase: 'rendering', done, total }),
      });
      return await deliver({
        id: null,
        audio: fileOf(audio, signal),
        stems: stems.map((stem) => ({ part: stem.part, name: stem.name, file: fileOf(stem.audio, signal) })),
        warnings,
      });
    } finally {
      await rm(outputFolder, { recursive: true, force: true });
    }
  }

  async report(source: ScoreSource, options: RenderOptionsInput): Promise<ScoreFacts> {
    const { readLocally } = await import('./read-locally.js');
    return readLocally(source, options);
  }

  async instruments(): Promise<readonly ListedInstrument[]> {
    return (await this.#catalogue()).list().instruments;
  }

  async close(): Promise<void> {}

  #catalogue(): Promise<Catalogue> {
    this.#opened ??= openCatalogue(this.#config);
    return this.#opened;
  }
}

/** A renderer for this machine, and the options as it wants them: a sound font that is named by its file becomes the standard font. */
export async function openLocalRenderer(
  { soundFont, ...others }: RenderOptionsInput,
  settings: StandardCatalogueSettings,
): Promise<{ readonly renderer: LocalRenderer; readonly applied: RenderOptionsInput }> {
  const isFile = soundFont !== undefined && (await stat(soundFont).catch(() => null))?.isFile() === true;
  const catalogue = standardCatalogue(isFile ? { ...settings, defaultSoundFont: soundFont } : settings);
  const named = soundFont === undefined || isFile ? {} : { soundFont };
  return { renderer: new LocalRenderer(catalogue), applied: { ...others, ...named } };
}

/** As many as there are cores: the calling thread, which mixes what they play, has less to do than they. */
function helpersOfThisMachine(): number {
  const cores = availableParallelism();
  return cores === 1 ? 0 : Math.min(cores, MOST_HELPERS);
}

function fileOf(audio: RenderedJob['audio'], signal: AbortSignal): RenderedFile {
  const { contentType, bytes, durationSeconds, sampleRate, channels, bitDepth, sha256, peakDbtp, loudnessLufs } = audio;
  const facts: AudioFacts = {
    contentType,
    bytes,
    durationSeconds,
    sampleRate,
    channels,
    bitDepth,
    sha256,
    peakDbtp,
    loudnessLufs,
  };
  return {
    facts,
    saveTo: (path) => rename(audio.path, path),
    pipeTo: (stream: Writable) => pipeline(createReadStream(audio.path), stream, { signal }),
  };
}
