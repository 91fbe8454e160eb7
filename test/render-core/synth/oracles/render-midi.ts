import { type PartBus, parseScore, type Quality, type SoundFont } from '@musistrata/render-core';
import type { StereoSound } from './stereo-sound.js';

const BLOCK = 4096;

/** Renders a MIDI file with our engine: all parts with one font, dry, at 44.1 kHz and A4 = 440 Hz. */
export async function renderMidi(
  font: SoundFont,
  midi: Uint8Array,
  seconds: number,
  quality: Quality = 'standard',
): Promise<StereoSound> {
  const { parts } = await parseScore({ bytes: midi });
  const array = () => new Float32Array(BLOCK);
  const bus: PartBus = { left: array(), right: array(), reverb: array(), chorus: array() };
  const frames = Math.round(seconds * 44100);
  const sound = { left: new Float32Array(frames), right: new Float32Array(frames) };
  const renderer = font.open(
    parts.map((part) => ({ part, bus, preset: null })),
    { sampleRate: 44100, blockFrames: BLOCK, quality, tuningHz: 440, maxVoices: null, seed: 1, warn: () => {} },
  );
  try {
    for (let at = 0; at < frames; at += BLOCK) {
      const count = Math.min(BLOCK, frames - at);
      bus.left.fill(0);
      bus.right.fill(0);
      renderer.render(count);
      sound.left.set(bus.left.subarray(0, count), at);
      sound.right.set(bus.right.subarray(0, count), at);
    }
  } finally {
    renderer.close();
  }
  return sound;
}
