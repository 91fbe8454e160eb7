import type { ScratchSignal } from './scratch-signal.js';

const FADE_SECONDS = 0.01;
/** A residue this far (-100 dB) below the loudest sample ends without a click. */
const CLICK = 1e-5;
const BLOCK = 1024;

function blockFor(signal: ScratchSignal): Float32Array[] {
  return Array.from({ length: signal.channelCount }, () => new Float32Array(BLOCK));
}

/** Adds everything from frame `length` on to the start, as often around as it takes, and ends the signal there: played in a circle it has no seam. */
export function foldLoop(signal: ScratchSignal, length: number): void {
  const tail = blockFor(signal);
  const head = blockFor(signal);
  for (let position = length; length > 0 && position < signal.frames; ) {
    const target = position % length;
    const count = signal.read(position, tail, Math.min(BLOCK, length - target));
    signal.read(target, head, count);
    for (let channel = 0; channel < head.length; channel++)
      for (let i = 0; i < count; i++) head[channel]![i]! += tail[channel]![i]!;
    signal.write(target, head, 0, count);
    position += count;
  }
  signal.truncate(length);
}

/** Length of the fade at an end that would click. */
export function fadeFrames(sampleRate: number): number {
  return Math.ceil(FADE_SECONDS * sampleRate);
}

/** True when the signal does not die away before its end: cut there, it would click. */
export function endsAloud(signal: ScratchSignal, sampleRate: number, peak: number): boolean {
  const block = blockFor(signal);
  const count = Math.min(BLOCK, fadeFrames(sampleRate), signal.frames);
  signal.read(signal.frames - count, block, count);
  return block.some((samples) => samples.subarray(0, count).some((value) => Math.abs(value) > peak * CLICK));
}

/** Lets the last 10 ms fade to silence. */
export function fadeOut(signal: ScratchSignal, sampleRate: number): void {
  const length = fadeFrames(sampleRate);
  const block = blockFor(signal);
  for (let left = Math.min(length, signal.frames); left > 0; ) {
    const start = signal.frames - left;
    const count = signal.read(start, block, Math.min(BLOCK, left));
    for (const samples of block)
      for (let i = 0; i < count; i++) samples[i]! *= Math.sin(((left - 1 - i) / length) * (Math.PI / 2)) ** 2;
    signal.write(start, block, 0, count);
    left -= count;
  }
}
