import { frequencyOf } from '../synth/play.js';

/** Cents between a frequency in Hz and what is heard in 20 ms around a time in seconds. */
export function centsAt(signal: Float32Array, time: number, frequency: number, sampleRate = 44100): number {
  const frame = (moment: number) => Math.round(moment * sampleRate);
  return 1200 * Math.log2(frequencyOf(signal, sampleRate, frame(time - 0.01), frame(time + 0.01)) / frequency);
}

/** A triangle of -1 to 1 that starts at zero, rising. */
export function triangleAt(cycles: number): number {
  return (2 / Math.PI) * Math.asin(Math.sin(2 * Math.PI * cycles));
}
