import { createHash } from 'node:crypto';
import { renderOptionsSchema, type ScoreLimits } from '@musistrata/render-core';
import { type Render, type RenderDesk, RenderGoneError, RenderNotFoundError } from '@musistrata/render-queue';
import { Problem } from '../problems/problem.js';
import { awaitRender } from '../renders/await-render.js';
import { hasEnded } from '../renders/present-render.js';
import type { ScoreReader } from '../scores/score-reader.js';

const note = (Name: string, Beat: number) => ({ Beat, Duration: 2, Note: { Name, Octave: 5 }, Velocity: 60 });
const bar = { SoundEvents: [note('C', 0), note('E', 1), note('G', 2)] };

/** What the very first server of this family played to everybody: two bars of a broken C major chord on a piano. */
export const demoSong = {
  Tempo: 60,
  BeatsPerBar: 4,
  Tracks: [{ Name: 't1', Instrument: 'SoundFont_Piano', Bars: [bar, bar], IsDrumsTrack: false, BankUsed: 0 }],
};

/** As it was: 16 bits, not normalised, two seconds of tail. */
const demoOptions = renderOptionsSchema.parse({
  bitDepth: 16,
  master: { normalize: 'none' },
  tail: 2,
  onMissing: 'substitute',
  tags: { title: 't1' },
});

/** One that just failed would fail again: whoever asks within this time is told so. */
const failureSeconds = 60;

/** Ended without audio, so that another one has to be made. */
function isSpent({ status, finishedAt }: Render): boolean {
  if (status === 'failed') return Date.now() - Date.parse(finishedAt ?? '') > failureSeconds * 1000;
  return status === 'canceled';
}

/** The demo, rendered through the queue once and found again ever after. */
export class DemoRender {
  readonly #desk: RenderDesk;
  readonly #reader: ScoreReader;
  readonly #limits: ScoreLimits;
  #id: string | null = null;
  #making: Promise<Render> | null = null;

  constructor(desk: RenderDesk, reader: ScoreReader, limits: ScoreLimits) {
    this.#desk = desk;
    this.#reader = reader;
    this.#limits = limits;
  }

  /**
   * The finished demo. Everybody who asks while it is being made waits for the same render.
   * @throws Problem when it cannot be made now.
   */
  async finished(seconds: number, signal: AbortSignal): Promise<Render> {
    const known = await this.#known();
    if (known?.status === 'succeeded') return known;
    if (known === null) {
      this.#making ??= this.#submit().finally(() => {
        this.#making = null;
      });
    }
    const { id } = known ?? (await this.#making!);
    const render = await awaitRender(this.#desk, id, seconds, signal);
    if (!hasEnded(render)) throw Problem.renderUnfinished(render.status, 2);
    if (render.status === 'succeeded') return render;
    this.#id = null;
    throw Problem.renderFailed(render.error?.code ?? render.status, render.error?.message ?? 'no reason is known.');
  }

  async #known(): Promise<Render | null> {
    if (this.#id === null) return null;
    try {
      return await this.#desk.get(this.#id);
    } catch (error) {
      if (!(error instanceof RenderGoneError) && !(error instanceof RenderNotFoundError)) throw error;
      this.#id = null;
      return null;
    }
  }

  async #submit(): Promise<Render> {
    const bytes = Buffer.from(JSON.stringify(demoSong));
    const read = await this.#reader.read({
      bytes,
      hint: 'application/json',
      fileName: null,
      pairs: [],
      members: { options: JSON.stringify(demoOptions) },
      limits: this.#limits,
      maxOutputBytes: Number.MAX_SAFE_INTEGER,
    });
    const sounds = createHash('sha256').update(read.soundIdentity).digest('hex').slice(0, 12);
    const submit = async (key: string) => {
      const { render } = await this.#desk.submit({
        tenant: 'demo',
        bytes,
        score: read.summary,
        options: read.options,
        soundIdentity: read.soundIdentity,
        expectedSeconds: read.expectedSeconds,
        ttlSeconds: null,
        idempotency: { key, fingerprint: read.summary.sha256 },
      });
      return render;
    };
    // All processes, and this one after a restart, find the same render; one that was deleted or came to nothing leads to the next.
    for (let key = sounds; ; ) {
      const render = await submit(key).catch((error: unknown) => {
        if (error instanceof RenderGoneError) return error;
        throw error;
      });
      if (!(render instanceof RenderGoneError) && !isSpent(render)) {
        this.#id = render.id;
        return render;
      }
      if (!(render instanceof RenderGoneError)) await this.#desk.remove(render.id);
      key = `${sounds} ${render.id}`;
    }
  }
}
