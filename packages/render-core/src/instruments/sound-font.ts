import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BankData } from '../synth/bank/bank-data.js';
import { BytesInFile, BytesInMemory, type FontBytes } from '../synth/bank/font-bytes.js';
import { Gen } from '../synth/bank/generators.js';
import { readBank } from '../synth/bank/read-bank.js';
import { joinKernelMemory, type KernelMemory, kernelMemory } from '../synth/kernel-memory.js';
import { isWorthThreads, planShards } from '../synth/parallel/plan-shards.js';
import { SequentialRenderer } from '../synth/parallel/sequential-renderer.js';
import { ThreadedRenderer } from '../synth/parallel/threaded-renderer.js';
import type { WasmMemory } from '../synth/webassembly.js';
import type { PartAssignment, PresetNumber, SoundSource, SourceContext, SourceRenderer } from './sound-source.js';

/** A preset as a catalogue shows it. */
export interface PresetInfo extends PresetNumber {
  readonly name: string;
}

/**
 * A sound font as plain data with the memory that its samples stand in: can be posted to a worker thread of the same process
 * and made a {@link SoundFont} again there with {@link SoundFont.fromShared}, without copying the samples.
 */
export interface SharedSoundFont {
  readonly name: string;
  readonly identity: string;
  readonly bank: BankData;
  readonly memory: WasmMemory;
}

/** An SF2, SF3 or DLS bank. Its samples are in memory once per process, whatever the number of threads that play it. */
export class SoundFont implements SoundSource {
  readonly kind = 'soundfont';
  readonly name: string;
  readonly identity: string;
  readonly presets: readonly PresetInfo[];
  /** Names of compressed samples that could not be decoded: they are silent. */
  readonly undecodable: readonly string[];
  readonly #bank: BankData;
  readonly #memory: KernelMemory;
  #melodiesCutVoices: boolean | null = null;

  private constructor(name: string, identity: string, bank: BankData, memory: KernelMemory) {
    this.name = name;
    this.identity = identity;
    this.undecodable = bank.undecodable;
    this.#bank = bank;
    this.#memory = memory;
    this.presets = bank.presets.map((preset) => ({
      name: preset.name,
      bank: preset.bank || preset.bankLow,
      program: preset.program,
      percussion: preset.percussion,
    }));
  }

  /** Reads a bank from its bytes. Throws SoundFontError when they are not one. */
  static async read(bytes: FontBytes, name: string): Promise<SoundFont> {
    const memory = kernelMemory();
    const { bank, blocks, identity } = await readBank(bytes, memory);
    const font = new SoundFont(name, identity, bank, memory);
    samples.register(bank, { memory, blocks });
    return font;
  }

  /** A font that another thread of this process has loaded. */
  static fromShared(shared: SharedSoundFont): SoundFont {
    joinKernelMemory(shared.memory);
    return new SoundFont(shared.name, shared.identity, shared.bank, kernelMemory());
  }

  /** The thread that loaded the font must keep it as long as others play it. */
  share(): SharedSoundFont {
    return { name: this.name, identity: this.identity, bank: this.#bank, memory: this.#memory.memory };
  }

  open(parts: readonly PartAssignment[], context: SourceContext): SourceRenderer {
    // A limit on voices counts those of all parts: it cannot be kept shard by shard.
    if (context.maxVoices !== null) return new SequentialRenderer(this.#bank, this.#memory, [[...parts]], context);
    const shards = planShards(this.#bank, parts, !this.#melodiesCut());
    const threads =
      shards.length > 1 && isWorthThreads(parts.map(({ part }) => part)) ? (context.helperThreads ?? 0) : 0;
    if (threads > 0) return new ThreadedRenderer(this.#bank, this.#memory, shards, context, threads);
    const sequence = shards.map((shard) => shard.parts);
    return new SequentialRenderer(this.#bank, this.#memory, sequence, context);
  }

  /** Whether presets other than drum kits have exclusive classes. */
  #melodiesCut(): boolean {
    this.#melodiesCutVoices ??= this.#bank.presets.some(
      (preset) =>
        !preset.percussion &&
        preset.zones.some(({ target }) => {
          const instrument = this.#bank.instruments[target];
          const zones =
            instrument === undefined ? [] : [...instrument.zones, ...(instrument.global ? [instrument.global] : [])];
          return zones.some((zone) =>
            zone.generators.some(([number, value]) => number === Gen.exclusiveClass && value !== 0),
          );
        }),
    );
    return this.#melodiesCutVoices;
  }
}

/** Gives a font's memory back when nothing in the thread that loaded it refers to it any more. */
const samples = new FinalizationRegistry<{ memory: KernelMemory; blocks: readonly number[] }>(({ memory, blocks }) => {
  for (const block of blocks) memory.free(block);
});

/** Fonts of this thread as long as someone uses them, by name and file, and by name and the digest of their bytes: a parse never costs twice. */
const loaded = new Map<string, WeakRef<SoundFont>>();
const loading = new Map<string, Promise<SoundFont>>();

/**
 * Loads an SF2, SF3 or DLS bank from a file or from its bytes. Equal bytes give the same font again while it is in use; a file that has not
 * changed since is not read again.
 *
 * @param name how the font is called in catalogues and messages; the file's name by default
 * @throws SoundFontError with codes `soundfont-unreadable`, `soundfont-too-large`, `soundfont-empty`
 */
export async function loadSoundFont(source: string | Uint8Array, name?: string): Promise<SoundFont> {
  if (typeof source !== 'string') {
    const digest = createHash('sha256').update(source).digest('hex');
    return loadOnce(new BytesInMemory(source), name ?? 'sound font', digest);
  }
  const file = await open(source);
  try {
    const { dev, ino, size, mtimeNs } = await file.stat({ bigint: true });
    const bytes = new BytesInFile(file, Number(size));
    return await loadOnce(bytes, name ?? basename(source), `${dev} ${ino} ${size} ${mtimeNs}`);
  } finally {
    await file.close();
  }
}

async function loadOnce(bytes: FontBytes, name: string, key: string): Promise<SoundFont> {
  const wanted = JSON.stringify([name, key]);
  const known = loaded.get(wanted)?.deref();
  if (known !== undefined) return known;
  let pending = loading.get(wanted);
  if (pending === undefined) {
    pending = SoundFont.read(bytes, name).finally(() => loading.delete(wanted));
    loading.set(wanted, pending);
  }
  const read = await pending;
  // The same bytes may have been loaded from elsewhere before.
  const same = JSON.stringify([name, read.identity]);
  const font = loaded.get(same)?.deref() ?? read;
  loaded.set(wanted, new WeakRef(font));
  loaded.set(same, new WeakRef(font));
  return font;
}
