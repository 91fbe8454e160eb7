import { RemoteFile } from './download/remote-file.js';
import { afterEvent, asRenderEvent, type RenderEvent } from './events/render-event.js';
import { type EventStreamOptions, serverSentEvents } from './events/server-sent-events.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './http/retry-policy.js';
import { type Call, Transport } from './http/transport.js';
import { hasEnded, type SucceededRender, succeeded } from './outcome.js';
import type {
  Delivery,
  ListedFont,
  ListedInstrument,
  ListedSamples,
  ScoreReport,
  ServerCapacity,
  ServerLimits,
  TimedNote,
  UploadedSamples,
  Waveform,
} from './server-types.js';
import { freshKey, submissionBody } from './submission.js';
import type {
  CallOptions,
  InstrumentQuery,
  ListOptions,
  ParseOptions,
  Render,
  RenderPage,
  Score,
  StemFile,
  SubmitOptions,
  WaitOptions,
} from './types.js';

export interface ClientOptions {
  /** Where the service is, such as `https://render.example.org` or, behind a proxy, `https://example.org/render/`. */
  readonly baseUrl: string | URL;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string;
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch;
  readonly retry?: Partial<RetryPolicy>;
  /** Longest wait in seconds for the head of an answer. @default 60 */
  readonly timeoutSeconds?: number;
}

/** An abort waits this long at most until nothing is left behind. */
const TAKE_BACK_SECONDS = 10;

/** Longest that the service may take to receive an upload and to read it. */
const UPLOAD_SECONDS = 240;

/** Longest that the service is asked to hold an answer back. */
const LONG_POLL_SECONDS = 30;

/**
 * The render service from a browser or from Node. Every method rejects with a {@link MusistrataError} for what the service refuses and for what keeps it
 * from being reached, and with the signal's reason when it is aborted. Passing failures are repeated without being noticed.
 */
export class MusistrataClient {
  readonly #transport: Transport;

  constructor(options: ClientOptions) {
    const baseUrl = new URL(options.baseUrl);
    if (!baseUrl.pathname.endsWith('/')) baseUrl.pathname += '/';
    const fetch = options.fetch ?? globalThis.fetch;
    this.#transport = new Transport({
      baseUrl,
      headers: options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` },
      // Browsers insist on being called as a function of the window.
      fetch: (input, init) => fetch(input, init),
      retry: { ...DEFAULT_RETRY_POLICY, ...options.retry },
      timeoutSeconds: options.timeoutSeconds ?? 60,
    });
  }

  /**
   * Hands a score in and comes back with the queued render, or with a finished one when the service made an equal one before. When it is aborted and
   * has no idempotencyKey of the caller's, what may have arrived is canceled.
   */
  submit(score: Score, options: SubmitOptions = {}): Promise<Render> {
    return this.#submit(score, options, options.idempotencyKey === undefined);
  }

  /**
   * Submits, waits, and comes back with the render that succeeded; one that failed or was canceled rejects. When aborted, the render is canceled, also
   * when that happens while it is being submitted and nobody can tell whether it has arrived.
   */
  async render(score: Score, options: SubmitOptions & WaitOptions = {}): Promise<SucceededRender> {
    const { id } = await this.#submit(score, options, true);
    try {
      return succeeded(await this.wait(id, options));
    } catch (error) {
      if (options.signal?.aborted) await this.cancel(id).catch(() => {});
      throw error;
    }
  }

  /** @param takeBack cancels what an aborted submission may have made */
  async #submit(score: Score, options: SubmitOptions, takeBack: boolean): Promise<Render> {
    const { signal, idempotencyKey = freshKey(), cancelAfterSeconds } = options;
    signal?.throwIfAborted();
    const { contentType, body } = await submissionBody(score, options);
    const call = {
      method: 'POST',
      path: 'v1/renders',
      headers: {
        'content-type': contentType,
        'idempotency-key': idempotencyKey,
        ...(cancelAfterSeconds !== undefined && { 'cancel-after': String(cancelAfterSeconds) }),
      },
      body,
    } as const;
    try {
      return await this.#transport.json<Render>({ ...call, signal });
    } catch (error) {
      if (takeBack && signal?.aborted) await this.#takeBack(call).catch(() => {});
      throw error;
    }
  }

  /** Nobody can tell whether an aborted request has arrived: the same one under the same key gives its render, or makes it. Either is canceled. */
  async #takeBack(call: Call): Promise<void> {
    const signal = AbortSignal.timeout(TAKE_BACK_SECONDS * 1000);
    const render = await this.#transport.json<Render>({ ...call, signal });
    if (!hasEnded(render)) await this.cancel(render.id, { signal });
  }

  get(id: string, { signal }: CallOptions = {}): Promise<Render> {
    return this.#transport.json<Render>({ path: renderPath(id), signal });
  }

  /** All renders that the key may see, newest first, page by page as they are asked for. */
  async *list({ status, pageSize, signal }: ListOptions = {}): AsyncGenerator<Render, void, void> {
    let cursor: string | undefined;
    do {
      const query = { status, limit: pageSize, cursor };
      const page = await this.#transport.json<RenderPage>({ path: 'v1/renders', query, signal });
      yield* page.renders;
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** Waits until a render has ended, in whatever way: see its status. */
  async wait(id: string, { signal, onUpdate }: WaitOptions = {}): Promise<Render> {
    if (onUpdate) {
      let render: Render | null = null;
      for await (const event of this.events(id, { signal })) {
        render = afterEvent(render, event);
        if (render) onUpdate(render);
        if (render && event.type === 'done') return render;
      }
    }
    for (;;) {
      const query = { wait: LONG_POLL_SECONDS };
      const render = await this.#transport.json<Render>({
        path: renderPath(id),
        query,
        heldSeconds: LONG_POLL_SECONDS,
        signal,
      });
      if (hasEnded(render)) return render;
    }
  }

  /** What happens to a render, as it happens, until it has ended. Broken connections are taken up where they broke. */
  async *events(id: string, options: EventStreamOptions = {}): AsyncGenerator<RenderEvent, void, void> {
    for await (const event of serverSentEvents(this.#transport, renderPath(id, '/events'), options)) {
      const known = asRenderEvent(event);
      if (known) yield known;
      if (known?.type === 'done' || known?.type === 'gone') return;
    }
  }

  /** The finished audio; rejects while there is none. */
  async audio(render: string | Render, options: CallOptions = {}): Promise<RemoteFile> {
    const { id, audio } = await this.#finished(render, options);
    return new RemoteFile(this.#transport, { ...audio, path: renderPath(id, '/audio') });
  }

  /** The parts as files of their own; none when the option `stems` did not ask for them. Rejects while there is no audio. */
  async stems(render: string | Render, options: CallOptions = {}): Promise<Stem[]> {
    const { id, stems } = await this.#finished(render, options);
    return (stems ?? []).map((stem) => ({
      ...stem,
      file: new RemoteFile(this.#transport, { ...stem, path: renderPath(id, `/stems/${stem.part}`) }),
    }));
  }

  /** All stems in one zip, made while it is sent. */
  stemsArchive(id: string): RemoteFile {
    const path = renderPath(id, '/stems.zip');
    return new RemoteFile(this.#transport, { path, bytes: null, sha256: null, contentType: 'application/zip' });
  }

  /** When every note sounds, in seconds of the audio. */
  timing(id: string, { signal }: CallOptions = {}): Promise<readonly TimedNote[]> {
    return this.#transport.json<readonly TimedNote[]>({ path: renderPath(id, '/timing'), signal });
  }

  /** The waveform in small, for drawing it. */
  peaks(id: string, { signal }: CallOptions = {}): Promise<Waveform> {
    return this.#transport.json<Waveform>({ path: renderPath(id, '/peaks'), signal });
  }

  /** The score of a render as a MIDI file, whatever it was sent as. */
  midi(id: string): RemoteFile {
    const path = renderPath(id, '/midi');
    return new RemoteFile(this.#transport, { path, bytes: null, sha256: null, contentType: 'audio/midi' });
  }

  /** Every attempt to tell the webhook of a render, oldest first. */
  async deliveries(id: string, { signal }: CallOptions = {}): Promise<readonly Delivery[]> {
    const path = renderPath(id, '/deliveries');
    return (await this.#transport.json<{ deliveries: Delivery[] }>({ path, signal })).deliveries;
  }

  /** Cancels an unfinished render and deletes a finished one; does nothing to one that is gone. */
  async cancel(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#remove(renderPath(id), { signal });
  }

  /** Reads a score and checks the options without rendering: refuses what {@link submit} would refuse. */
  async parseScore(score: Score, { options, signal }: ParseOptions = {}): Promise<ScoreReport> {
    const { contentType, body } = await submissionBody(score, { options });
    const headers = { 'content-type': contentType };
    return this.#transport.json<ScoreReport>({ method: 'POST', path: 'v1/scores', headers, body, signal });
  }

  /** Every instrument that can be asked for by name, or those whose names contain `search`. */
  async instruments({ search, signal }: InstrumentQuery = {}): Promise<readonly ListedInstrument[]> {
    const call = { path: 'v1/instruments', query: { search }, signal };
    return (await this.#transport.json<{ instruments: ListedInstrument[] }>(call)).instruments;
  }

  /** Every sound font with its presets. */
  async soundFonts({ signal }: CallOptions = {}): Promise<readonly ListedFont[]> {
    return (await this.#transport.json<{ soundFonts: ListedFont[] }>({ path: 'v1/soundfonts', signal })).soundFonts;
  }

  /** How busy the service is: workers, queue, measured speed. */
  capacity({ signal }: CallOptions = {}): Promise<ServerCapacity> {
    return this.#transport.json<ServerCapacity>({ path: 'v1/capacity', signal });
  }

  /**
   * Offers another sound font (scope admin): an SF2, SF3 or DLS file. The service reads it through before it answers.
   * @param name what it is going to be called, without an extension
   */
  uploadSoundFont(name: string, font: Blob | Uint8Array, options: CallOptions = {}): Promise<ListedFont> {
    return this.#upload<ListedFont>('v1/soundfonts', name, font, 'application/octet-stream', options);
  }

  /** Removes a sound font that was uploaded (scope admin); does nothing to one that is not there. */
  removeSoundFont(name: string, options: CallOptions = {}): Promise<void> {
    return this.#remove(`v1/soundfonts/${encodeURIComponent(name)}`, options);
  }

  /** Every sample instrument in the samples folder of the service. */
  async samples({ signal }: CallOptions = {}): Promise<readonly ListedSamples[]> {
    return (await this.#transport.json<{ samples: ListedSamples[] }>({ path: 'v1/samples', signal })).samples;
  }

  /**
   * Offers another sample instrument (scope admin). The service reads every sample through before it answers.
   * @param name what it is going to be called
   * @param archive a ZIP of what a sample folder holds: WAV files, with an instrument.json or named by key, or an SFZ file with its samples
   */
  uploadSamples(name: string, archive: Blob | Uint8Array, options: CallOptions = {}): Promise<UploadedSamples> {
    return this.#upload<UploadedSamples>('v1/samples', name, archive, 'application/zip', options);
  }

  /** Removes samples from the samples folder of the service (scope admin); does nothing when they are not there. */
  removeSamples(name: string, options: CallOptions = {}): Promise<void> {
    return this.#remove(`v1/samples/${encodeURIComponent(name)}`, options);
  }

  limits({ signal }: CallOptions = {}): Promise<ServerLimits> {
    return this.#transport.json<ServerLimits>({ path: 'v1/limits', signal });
  }

  async #upload<T>(
    path: string,
    name: string,
    file: Blob | Uint8Array,
    contentType: string,
    { signal }: CallOptions,
  ): Promise<T> {
    const body = file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer());
    const headers = { 'content-type': contentType };
    const call = { method: 'POST', path, query: { name }, headers, body, heldSeconds: UPLOAD_SECONDS, signal } as const;
    return this.#transport.json<T>(call);
  }

  async #remove(path: string, { signal }: CallOptions): Promise<void> {
    const response = await this.#transport.open({ method: 'DELETE', path, signal });
    await response.body?.cancel();
  }

  async #finished(render: string | Render, options: CallOptions): Promise<SucceededRender> {
    return succeeded(typeof render === 'string' ? await this.get(render, options) : render);
  }
}

function renderPath(id: string, below = ''): string {
  return `v1/renders/${encodeURIComponent(id)}${below}`;
}

/** A stem with its file. */
export type Stem = StemFile & { readonly file: RemoteFile };
