import type { PartAssignment, PartBus, Quality, SourceContext, SourceRenderer } from '../instruments/sound-source.js';
import type { BankData } from './bank/bank-data.js';
import type { KernelMemory } from './kernel-memory.js';
import { NoteMemory, planSounds, type SoundPlan } from './note-memory.js';
import { PartPlayer, type PlayerContext } from './part-player.js';
import { timeline } from './timeline.js';
import { ACCUMULATOR_BYTES, ACCUMULATOR_STRIDE, BATCH_PERIODS, PERIOD_FRAMES } from './voice-layout.js';
import { VoicePool } from './voice-pool.js';

const INTERPOLATION: Record<Quality, number> = { draft: 2, standard: 4, high: 8 };
const WORK_BYTES = 8192;
const BUSES = ['left', 'right', 'reverb', 'chorus'] as const;
/** Words of a bus in the kernel's table: accumulators, signals, whether they are overwritten. */
const BUS_ROW = 2 + BUSES.length;
const NONE: ReadonlySet<PartBus> = new Set();

/**
 * Plays parts with a sound font. Time runs in periods of 64 frames counted from the start of the score, whatever the blocks
 * that are asked for: controllers take effect at the start of a period, notes begin and end at their own frame.
 */
export class FontRenderer implements SourceRenderer {
  stolenNotes = 0;
  readonly #memory: KernelMemory;
  readonly #pool: VoicePool;
  readonly #sounds: NoteMemory;
  readonly #players: PartPlayer[];
  readonly #work: number;
  /** Parts that share a bus share its accumulators. */
  readonly #buses: readonly PartBus[];
  readonly #busCount: number;
  readonly #accumulators: number;
  readonly #table: number;
  readonly #settings: readonly [sampleRate: number, interpolation: number];
  /** Signals of a bus that are in use: left, right and perhaps the sends. */
  readonly #signals: number;
  /** First frame of the next batch. */
  #frame = 0;
  /** Frames of the current batch, how many of them anything sounds in, and how many have been handed out. */
  #batch = 0;
  #sounding = 0;
  #handedOut = 0;
  #nextFrame = Number.POSITIVE_INFINITY;
  #closed = false;

  /**
   * @param parts with buses in kernel memory
   * @param remembers whether sounds that repeat are rendered once; changes the speed and nothing else
   * @param overwrites the buses whose contents are replaced; to the others the parts are added
   */
  constructor(
    bank: BankData,
    memory: KernelMemory,
    parts: readonly PartAssignment[],
    context: SourceContext,
    remembers = true,
    overwrites: ReadonlySet<PartBus> = NONE,
  ) {
    this.#memory = memory;
    this.#signals = (context.sends ?? true) ? BUSES.length : 2;
    this.#settings = [context.sampleRate, INTERPOLATION[context.quality]];
    this.#work = memory.allocate(WORK_BYTES);
    const buses = [...new Set(parts.map((part) => part.bus))];
    this.#buses = buses;
    this.#busCount = buses.length;
    // The kernel adds whole vectors, whose last lanes may be zeros behind the end.
    this.#accumulators = memory.allocate(buses.length * ACCUMULATOR_BYTES + 64);
    this.#table = memory.allocate(buses.length * BUS_ROW * 4);
    const sounds = new NoteMemory(memory);
    this.#sounds = sounds;
    this.#pool = new VoicePool(memory, (voice) => sounds.end(voice));
    const shared: PlayerContext = {
      bank,
      pool: this.#pool,
      sampleRate: context.sampleRate,
      tuningCents: 1200 * Math.log2(context.tuningHz / 440),
      maxVoices: context.maxVoices,
      sends: context.sends ?? true,
      warn: once(context.warn),
      stolen: () => {
        this.stolenNotes++;
      },
    };
    const table = memory.int32(this.#table, buses.length * BUS_ROW);
    for (const [index, bus] of buses.entries()) {
      table[index * BUS_ROW] = this.#accumulators + index * ACCUMULATOR_BYTES;
      table[index * BUS_ROW + 1 + BUSES.length] = overwrites.has(bus) ? 1 : 0;
    }
    this.redirect(0);
    let plan: SoundPlan = [];
    const scores = parts.map((part) => timeline(part.part, context.sampleRate).steps);
    this.#players = parts.map((part, index) => {
      const accumulators = this.#accumulators + buses.indexOf(part.bus) * ACCUMULATOR_BYTES;
      return new PartPlayer(part, scores[index]!, shared, accumulators, (voice) => {
        const sound = plan[index]?.[voice.sequence];
        if (sound) sounds.begin(voice, sound);
      });
    });
    // With a limit, which voices there are depends on which have ended: nothing can be known beforehand.
    if (context.maxVoices === null && remembers) {
      const score = this.#players.map((player, index) => ({ player, steps: scores[index]! }));
      plan = planSounds(score, shared, memory);
    }
    this.#findNextFrame();
  }

  get voiceCount(): number {
    return this.#pool.sounding.length;
  }

  get active(): boolean {
    return (
      this.#handedOut < this.#sounding || this.#pool.sounding.length > 0 || this.#nextFrame < Number.POSITIVE_INFINITY
    );
  }

  render(frames: number): void {
    const { kernel } = this.#memory;
    kernel.configure(this.#work, this.#settings[0], this.#settings[1]);
    let done = 0;
    while (done < frames) {
      if (this.#handedOut === this.#batch) this.#renderBatch();
      const count = Math.min(frames - done, this.#batch - this.#handedOut);
      if (this.#handedOut < this.#sounding)
        kernel.distribute(this.#table, this.#busCount, this.#signals, this.#handedOut, done, count);
      else kernel.hush(this.#table, this.#busCount, this.#signals, done, count);
      this.#handedOut += count;
      done += count;
    }
  }

  /** From now on plays so many bytes behind the buses that it was opened with. */
  redirect(bytes: number): void {
    const table = this.#memory.int32(this.#table, this.#busCount * BUS_ROW);
    for (let index = 0; index < this.#busCount; index++) {
      const bus = this.#buses[index]!;
      for (let at = 0; at < BUSES.length; at++) table[index * BUS_ROW + 1 + at] = bus[BUSES[at]!].byteOffset + bytes;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pool.close();
    this.#sounds.close();
    for (const address of [this.#work, this.#accumulators, this.#table]) this.#memory.free(address);
  }

  /** Renders up to the period of the next event, but not too far. */
  #renderBatch(): void {
    const end = this.#frame + PERIOD_FRAMES;
    if (this.#nextFrame < end) {
      for (const player of this.#players) if (player.nextFrame < end) player.advance(end);
      this.#findNextFrame();
    }
    const periods = Math.min(BATCH_PERIODS, Math.floor((this.#nextFrame - this.#frame) / PERIOD_FRAMES));
    this.#sounding = 0;
    if (this.#pool.sounding.length > 0) {
      for (let bus = 0; bus < this.#busCount; bus++)
        this.#memory.kernel.clear(this.#accumulators + bus * ACCUMULATOR_BYTES, this.#signals * ACCUMULATOR_STRIDE);
      this.#sounding = this.#pool.render(periods) * PERIOD_FRAMES;
    }
    this.#batch = periods * PERIOD_FRAMES;
    this.#frame += this.#batch;
    this.#handedOut = 0;
  }

  #findNextFrame(): void {
    this.#nextFrame = Number.POSITIVE_INFINITY;
    for (const player of this.#players) this.#nextFrame = Math.min(this.#nextFrame, player.nextFrame);
  }
}

/** Passes each different warning on once. */
function once(warn: SourceContext['warn']): SourceContext['warn'] {
  const seen = new Set<string>();
  return (warning) => {
    if (seen.has(warning.message)) return;
    seen.add(warning.message);
    warn(warning);
  };
}
