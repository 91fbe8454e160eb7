import type { Effect } from '../../options/effect-options.js';
import type { Section } from '../measure/k-weighting.js';

export type FilterShape = Extract<Effect, { type: 'filter' }>['shape'];

/**
 * A second-order section after Robert Bristow-Johnson's "Audio EQ Cookbook" (the band-pass has 0 dB peak gain), a0 = 1.
 *
 * @param frequency Hz, below half the sample rate
 * @param gainDb of the peaking and shelving shapes
 */
export function biquadCoefficients(
  shape: FilterShape,
  frequency: number,
  q: number,
  gainDb: number,
  sampleRate: number,
): Section {
  const w0 = (2 * Math.PI * frequency) / sampleRate;
  const cos = Math.cos(w0);
  const alpha = Math.sin(w0) / (2 * q);
  const a = 10 ** (gainDb / 40);
  const slope = 2 * Math.sqrt(a) * alpha;
  switch (shape) {
    case 'lowpass':
      return section((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    case 'highpass':
      return section((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
    case 'bandpass':
      return section(alpha, 0, -alpha, 1 + alpha, -2 * cos, 1 - alpha);
    case 'notch':
      return section(1, -2 * cos, 1, 1 + alpha, -2 * cos, 1 - alpha);
    case 'allpass':
      return section(1 - alpha, -2 * cos, 1 + alpha, 1 + alpha, -2 * cos, 1 - alpha);
    case 'peaking':
      return section(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a);
    case 'lowshelf':
      return section(
        a * (a + 1 - (a - 1) * cos + slope),
        2 * a * (a - 1 - (a + 1) * cos),
        a * (a + 1 - (a - 1) * cos - slope),
        a + 1 + (a - 1) * cos + slope,
        -2 * (a - 1 + (a + 1) * cos),
        a + 1 + (a - 1) * cos - slope,
      );
    case 'highshelf':
      return section(
        a * (a + 1 + (a - 1) * cos + slope),
        -2 * a * (a - 1 + (a + 1) * cos),
        a * (a + 1 + (a - 1) * cos - slope),
        a + 1 - (a - 1) * cos + slope,
        2 * (a - 1 - (a + 1) * cos),
        a + 1 - (a - 1) * cos - slope,
      );
  }
}

function section(b0: number, b1: number, b2: number, a0: number, a1: number, a2: number): Section {
  return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: a1 / a0, a2: a2 / a0 };
}
