import type { KernelMemory } from './kernel-memory.js';
import type { PartPlayer, PlayerContext } from './part-player.js';
import type { Step } from './timeline.js';
import type { Voice } from './voice.js';
import { PERIOD_FRAMES, SOUND_ROOM, SOUND_SIGNAL } from './voice-layout.js';
import { VoicePool } from './voice-pool.js';

/** Most memory for remembered sounds of one renderer, of which a score has up to four; what does not fit is rendered again. */
const MOST_BYTES = 48 * 2 ** 20;
/** Each takes a block of kernel memory, of which there are 16000 for the whole process. */
const MOST_SOUNDS = 1000;
/** Remembering sounds that are longer pays rarely: little of them is heard again, and much must be kept. */
const LONGEST_FRAMES = 2 ** 19;

/** A sound that occurs more than once in the score. */
interface Sound {
  /** Voices still to come. */
  uses: number;
  /** Most frames that any of them plays. */
  frames: number;
  address: number;
  /** Voices that play it now. */
  users: number;
}

/** For each part, which sound each of its voices plays; null for those that nothing else sounds like. */
export type SoundPlan = readonly (readonly (Sound | null)[])[];

/**
 * Goes through the whole score without rendering it, and finds the voices that will sound exactly alike: same zone, pitch
 * and filter, and no controller that changes them on the way. Volume envelope, velocity, expression, pan and sends are
 * applied to a remembered sound like to any other, so they may differ, and so may lengths unless the sound depends on them.
 */
export function planSounds(
  parts: readonly { readonly player: PartPlayer; readonly steps: readonly Step[] }[],
  context: PlayerContext,
  memory: KernelMemory,
): SoundPlan {
  const sounds = new Map<string, Sound>();
  return parts.map(({ player, steps }) => {
    const pool = new VoicePool(memory);
    try {
      return surveyPart(player.rehearsal(steps, { ...context, pool, warn: () => {}, stolen: () => {} }), pool, sounds);
    } finally {
      pool.close();
    }
  });
}

interface Rehearsed {
  readonly key: string;
  end: number;
}

function surveyPart(player: PartPlayer, pool: VoicePool, sounds: Map<string, Sound>): (Sound | null)[] {
  const keys: (string | null)[] = [];
  const frames: number[] = [];
  const rehearsed = new Map<Voice, Rehearsed>();
  while (player.nextFrame < Number.POSITIVE_INFINITY) {
    const begin = Math.floor(player.nextFrame / PERIOD_FRAMES) * PERIOD_FRAMES;
    pool.dismiss((voice) => {
      if (rehearsed.get(voice)!.end > begin) return false;
      rehearsed.delete(voice);
      return true;
    });
    const changed = player.advance(begin + PERIOD_FRAMES);
    for (const voice of pool.sounding) {
      const known = rehearsed.get(voice);
      if (known === undefined) {
        const key = voice.soundKey();
        rehearsed.set(voice, { key, end: voice.onset + voice.longest });
        keys[voice.sequence] = key;
        frames[voice.sequence] = voice.longest;
      } else if (changed && known.key !== voice.soundKey()) {
        keys[voice.sequence] = null;
      } else if (changed) {
        // Its release may have become longer.
        known.end = Math.max(known.end, voice.onset + voice.longest);
        frames[voice.sequence] = Math.max(frames[voice.sequence]!, voice.longest);
      }
    }
  }
  return keys.map((key, sequence) => {
    if (key === null || frames[sequence]! > LONGEST_FRAMES) return null;
    let sound = sounds.get(key);
    if (sound === undefined) {
      sound = { uses: 0, frames: 0, address: 0, users: 0 };
      sounds.set(key, sound);
    }
    sound.uses++;
    sound.frames = Math.max(sound.frames, frames[sequence]!);
    return sound;
  });
}

/** Hands voices the sounds that were planned for them. Which voices replay changes nothing in what is heard. */
export class NoteMemory {
  readonly #memory: KernelMemory;
  readonly #sounds = new Map<Voice, Sound>();
  readonly #kept = new Set<Sound>();
  #bytes = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** To be called when a voice has been set up for its first period. */
  begin(voice: Voice, sound: Sound): void {
    sound.uses--;
    if (sound.address === 0) {
      const bytes = soundBytes(sound);
      if (sound.uses === 0 || this.#kept.size === MOST_SOUNDS || this.#bytes + bytes > MOST_BYTES) return;
      this.#bytes += bytes;
      sound.address = this.#memory.allocate(bytes);
      this.#kept.add(sound);
      const head = this.#memory.int32(sound.address, SOUND_SIGNAL / 4);
      head.fill(0);
      voice.describeSound(head);
      head[SOUND_ROOM >> 2] = sound.frames;
    }
    voice.share(sound.address);
    sound.users++;
    this.#sounds.set(voice, sound);
  }

  /** To be called when a voice has ended. */
  end(voice: Voice): void {
    const sound = this.#sounds.get(voice);
    if (sound === undefined) return;
    this.#sounds.delete(voice);
    sound.users--;
    if (sound.uses === 0 && sound.users === 0) this.#forget(sound);
  }

  close(): void {
    for (const sound of this.#kept) this.#memory.free(sound.address);
    this.#kept.clear();
    this.#sounds.clear();
  }

  #forget(sound: Sound): void {
    this.#memory.free(sound.address);
    this.#bytes -= soundBytes(sound);
    this.#kept.delete(sound);
    sound.address = 0;
  }
}

function soundBytes(sound: Sound): number {
  return SOUND_SIGNAL + (sound.frames + PERIOD_FRAMES) * 4;
}
