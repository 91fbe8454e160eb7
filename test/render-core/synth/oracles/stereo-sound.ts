export interface StereoSound {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** A stretch of a sound, sharing its memory. */
export function stretch(sound: StereoSound, from: number, to: number): StereoSound {
  return { left: sound.left.subarray(from, to), right: sound.right.subarray(from, to) };
}

/** Level of both channels together, in dB re full scale. */
export function level(sound: StereoSound): number {
  return 10 * Math.log10((energy(sound.left) + energy(sound.right)) / sound.left.length + 1e-20);
}

/** How much louder the right channel is, in dB; both count at least -100 dB. */
export function balance(sound: StereoSound): number {
  const floor = sound.left.length * 1e-10;
  return 10 * Math.log10((energy(sound.right) + floor) / (energy(sound.left) + floor));
}

function energy(signal: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < signal.length; i++) sum += signal[i]! ** 2;
  return sum;
}
