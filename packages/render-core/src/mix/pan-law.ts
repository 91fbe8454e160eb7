/** Gains of the two channels. */
export interface StereoGain {
  readonly left: number;
  readonly right: number;
}

/**
 * The one pan law: constant power, cos and sin of position x 90 degrees, scaled so that the centre is unity.
 *
 * Sources place their voices in the stereo field themselves, and a centred voice has its -3.01 dB on each side from there.
 * Panning a part turns that image like a balance control, so the law must not take the 3 dB a second time: left = sqrt2 cos(p pi/2),
 * right = sqrt2 sin(p pi/2). The power of a centred signal is the same at every position, and hard left is +3.01 dB, right silent.
 *
 * @param position 0 left, 0.5 centre, 1 right
 */
export function panGains(position: number): StereoGain {
  if (position === 0.5) return { left: 1, right: 1 };
  if (position === 1) return { left: 0, right: Math.SQRT2 };
  const angle = (position * Math.PI) / 2;
  return { left: Math.SQRT2 * Math.cos(angle), right: Math.SQRT2 * Math.sin(angle) };
}
