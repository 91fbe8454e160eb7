/** A stretch of tone or, at a level of -infinity, of silence. */
export interface Tone {
  readonly seconds: number;
  /** Peak level of the sine in dBFS. */
  readonly level: number;
}

/** Stereo 1 kHz sine whose level changes from stretch to stretch, as the EBU's test signals have it. */
export function tones(stretches: readonly Tone[], sampleRate = 48000): Float32Array[] {
  const ends: number[] = [];
  let seconds = 0;
  for (const stretch of stretches) {
    seconds += stretch.seconds;
    ends.push(Math.round(seconds * sampleRate));
  }
  const samples = new Float32Array(ends.at(-1)!);
  const { sin } = Math;
  const step = (2 * Math.PI * 1000) / sampleRate;
  let frame = 0;
  for (const [index, { level }] of stretches.entries()) {
    const amplitude = 10 ** (level / 20);
    for (; frame < ends[index]!; frame++) samples[frame] = amplitude * sin(step * frame);
  }
  return [samples, samples];
}

/** Noise of a fixed seed with a slow swell, low-passed a little: something with dynamics. */
export function swellingNoise(seconds: number, sampleRate: number, seed = 1): Float32Array[] {
  const { imul, sin } = Math;
  let state = seed;
  const channel = (phase: number) => {
    let low = 0;
    return Float32Array.from({ length: seconds * sampleRate }, (_, i) => {
      state = (imul(state, 1664525) + 1013904223) | 0;
      low += 0.2 * (state / 2 ** 31 - low);
      return low * (0.3 + 0.28 * sin((2 * Math.PI * 0.15 * i) / sampleRate + phase));
    });
  };
  return [channel(0), channel(1)];
}
