import {
  loadSoundFont,
  type Part,
  type PartEvent,
  type Quality,
  type SoundFont,
  type Warning,
} from '@musistrata/render-core';

export interface PlayOptions {
  readonly seconds?: number;
  readonly quality?: Quality;
  readonly sampleRate?: number;
  readonly blockFrames?: number;
  readonly maxVoices?: number;
  readonly percussion?: boolean;
  readonly velocityCurve?: 'linear' | 'source';
  readonly warn?: (warning: Warning) => void;
}

export interface Sound {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly reverb: Float32Array;
  readonly chorus: Float32Array;
}

export function note(time: number, key: number, duration: number, velocity = 127): PartEvent {
  return { kind: 'note', time, key, velocity, duration };
}

export function controller(time: number, number: number, value: number): PartEvent {
  return { kind: 'controller', time, controller: number, value };
}

export function part(events: readonly PartEvent[], options: PlayOptions = {}): Part {
  return {
    index: 0,
    name: 'part',
    channel: 1,
    port: 0,
    percussion: options.percussion ?? false,
    instrument: null,
    velocityCurve: options.velocityCurve ?? 'source',
    events,
  };
}

/** Plays one part and returns its buses. */
export async function play(
  font: Uint8Array | SoundFont,
  events: readonly PartEvent[],
  options: PlayOptions = {},
): Promise<Sound> {
  const source = font instanceof Uint8Array ? await loadSoundFont(font) : font;
  const sampleRate = options.sampleRate ?? 44100;
  const blockFrames = options.blockFrames ?? 1024;
  const total = Math.round((options.seconds ?? 1) * sampleRate);
  const bus = buses(blockFrames);
  const sound = buses(total);
  const renderer = source.open([{ part: part(events, options), bus, preset: null }], {
    sampleRate,
    blockFrames,
    quality: options.quality ?? 'standard',
    tuningHz: 440,
    maxVoices: options.maxVoices ?? null,
    seed: 1,
    warn: options.warn ?? (() => {}),
  });
  try {
    for (let at = 0; at < total; at += blockFrames) {
      const frames = Math.min(blockFrames, total - at);
      for (const name of ['left', 'right', 'reverb', 'chorus'] as const) bus[name].fill(0);
      renderer.render(frames);
      for (const name of ['left', 'right', 'reverb', 'chorus'] as const)
        sound[name].set(bus[name].subarray(0, frames), at);
    }
  } finally {
    renderer.close();
  }
  return sound;
}

export function buses(frames: number): Sound {
  const make = () => new Float32Array(frames);
  return { left: make(), right: make(), reverb: make(), chorus: make() };
}

export function rms(signal: Float32Array, from = 0, to = signal.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += signal[i]! ** 2;
  return Math.sqrt(sum / (to - from));
}

export function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

/** Frequency in Hz from the mean time between rising zero crossings, interpolated. */
export function frequencyOf(signal: Float32Array, sampleRate: number, from = 0, to = signal.length): number {
  let first = -1;
  let last = -1;
  let count = 0;
  for (let i = from + 1; i < to; i++) {
    if (signal[i - 1]! >= 0 || signal[i]! < 0) continue;
    last = i - 1 + signal[i - 1]! / (signal[i - 1]! - signal[i]!);
    if (first < 0) first = last;
    else count++;
  }
  return (count * sampleRate) / (last - first);
}
