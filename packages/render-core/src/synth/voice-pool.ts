import type { KernelMemory } from './kernel-memory.js';
import { Voice } from './voice.js';
import { VOICE_BYTES } from './voice-layout.js';

const VOICES_PER_BLOCK = 128;
/** However many notes a score piles up, memory stays bounded (19 MB); beyond it the oldest voices give way. */
export const MOST_VOICES = 32768;

/** The voices of one renderer: those that sound in note order, as the kernel works through them, and those that wait. */
export class VoicePool {
  /** In the order in which their notes began. */
  readonly sounding: Voice[] = [];
  readonly #memory: KernelMemory;
  readonly #free: Voice[] = [];
  readonly #blocks: number[] = [];
  readonly #ended: (voice: Voice) => void;
  /** Voices before it are being cut. */
  #oldest = 0;
  #list: Int32Array;
  #listAddress: number;

  constructor(memory: KernelMemory, ended: (voice: Voice) => void = () => {}) {
    this.#memory = memory;
    this.#ended = ended;
    this.#listAddress = memory.allocate(VOICES_PER_BLOCK * 4);
    this.#list = memory.int32(this.#listAddress, VOICES_PER_BLOCK);
    this.#grow();
  }

  /** A voice to start; it is sounding from now on. */
  take(): Voice {
    if (this.#free.length === 0) this.#grow();
    const voice = this.#free.pop()!;
    if (this.sounding.length === this.#list.length) this.#lengthenList();
    this.#list[this.sounding.length] = voice.address;
    this.sounding.push(voice);
    return voice;
  }

  /** The voice that has sounded longest and is not being cut, or null. */
  oldestUncut(): Voice | null {
    const { sounding } = this;
    while (this.#oldest < sounding.length && sounding[this.#oldest]!.isCut) this.#oldest++;
    return sounding[this.#oldest] ?? null;
  }

  /** Renders a batch of periods of all voices and takes back those that have ended. Returns in how many of them anything sounded. */
  render(periods: number): number {
    const { sounding } = this;
    this.#oldest = 0;
    const { kernel } = this.#memory;
    const left = kernel.renderVoices(this.#listAddress, sounding.length, periods);
    if (left === sounding.length) return periods;
    let kept = 0;
    for (let i = 0; i < sounding.length; i++) {
      const voice = sounding[i]!;
      if (voice.isFree) {
        this.#ended(voice);
        this.#free.push(voice);
      } else sounding[kept++] = voice;
    }
    sounding.length = kept;
    return kernel.soundingPeriods.value;
  }

  /** Takes back voices that were never rendered. */
  dismiss(isOver: (voice: Voice) => boolean): void {
    this.#oldest = 0;
    const { sounding } = this;
    let kept = 0;
    for (let i = 0; i < sounding.length; i++) {
      const voice = sounding[i]!;
      if (isOver(voice)) this.#free.push(voice);
      else sounding[kept++] = voice;
    }
    sounding.length = kept;
  }

  close(): void {
    for (const block of this.#blocks) this.#memory.free(block);
    this.#memory.free(this.#listAddress);
    this.#blocks.length = this.sounding.length = this.#free.length = 0;
  }

  #grow(): void {
    const block = this.#memory.allocate(VOICES_PER_BLOCK * VOICE_BYTES);
    this.#blocks.push(block);
    const buffer = this.#memory.memory.buffer;
    for (let i = VOICES_PER_BLOCK - 1; i >= 0; i--) this.#free.push(new Voice(buffer, block + i * VOICE_BYTES));
  }

  #lengthenList(): void {
    const old = this.#list;
    const address = this.#memory.allocate(old.length * 8);
    this.#list = this.#memory.int32(address, old.length * 2);
    this.#list.set(old);
    this.#memory.free(this.#listAddress);
    this.#listAddress = address;
  }
}
