/** An envelope of pitch or cutoff. Times in seconds, levels 0-1, depths in cents. */
export interface MotionEnvelopeShape {
  readonly delaySeconds: number;
  /** Level until the attack and from which it rises, in a straight line. */
  readonly start: number;
  readonly attackSeconds: number;
  readonly holdSeconds: number;
  /** From full level towards the sustain level: the distance falls by 78 dB (e^-9) in this time, as that of the volume does. */
  readonly decaySeconds: number;
  readonly sustain: number;
  /** Likewise, towards 0, once the key is let go. */
  readonly releaseSeconds: number;
  readonly depth: number;
  /** Added to the depth at full velocity. */
  readonly velocityDepth: number;
}

const EXPONENT = 9;

/** Level of an envelope at a time in seconds since the onset; `release` is when the key is let go, Infinity for never. */
export function envelopeLevel(shape: MotionEnvelopeShape, time: number, release: number): number {
  if (time <= release) return heldLevel(shape, time);
  return heldLevel(shape, release) * fallen(time - release, shape.releaseSeconds);
}

function heldLevel(
  { delaySeconds, start, attackSeconds, holdSeconds, decaySeconds, sustain }: MotionEnvelopeShape,
  time: number,
): number {
  const intoAttack = time - delaySeconds;
  if (intoAttack < 0) return start;
  if (intoAttack < attackSeconds) return start + ((1 - start) * intoAttack) / attackSeconds;
  const intoDecay = intoAttack - attackSeconds - holdSeconds;
  if (intoDecay < 0) return 1;
  return sustain + (1 - sustain) * fallen(intoDecay, decaySeconds);
}

function fallen(time: number, seconds: number): number {
  return seconds > 0 ? Math.exp((-EXPONENT * time) / seconds) : 0;
}
