/**
 * Work space of this kernel's thread: 16 bytes for the filter's past, one period of samples, one of gains; a batch of a voice and what it carries over; the gains
 * between which straight periods of a batch run.
 */
export let samples: usize = 0;
export let gains: usize = 0;
export let signal: usize = 0;
export let corners: usize = 0;
/** Filter: octaves above 8.176 Hz at which the cutoff is as high as the sample rate allows; radians per frame at 8.176 Hz. */
export let highestCutoff: f32 = 0;
/** Octaves below which (0.047 radians a frame, 330 Hz at 44.1 kHz) single precision is too coarse for the recursion. */
export let lowCutoff: f32 = 0;
export let radiansPerFrame: f64 = 0;
/** Points of interpolation: 2, 4 or 8. */
export let interpolation: i32 = 4;

/** Prepares a kernel for one render at one sample rate in Hz. `work` has 8192 bytes, aligned to 16. */
export function configure(work: usize, sampleRate: f64, points: i32): void {
  samples = work + 16;
  gains = work + 16 + 512;
  signal = work + 1024;
  corners = work + 5632;
  radiansPerFrame = (6.283185307179586 * 8.175798915643707) / sampleRate;
  highestCutoff = <f32>(log2ratio(0.45 * sampleRate / 8.175798915643707));
  lowCutoff = <f32>(highestCutoff + log2ratio(0.047 / (6.283185307179586 * 0.45) * 1024.0) - 10.0);
  interpolation = points;
}

function log2ratio(x: f64): f64 {
  let whole: f64 = 0;
  while (x >= 2.0) {
    x *= 0.5;
    whole += 1.0;
  }
  // ln((1 + t) / (1 - t)) = 2 (t + t^3/3 + ...), t <= 1/3
  const t = (x - 1.0) / (x + 1.0);
  const s = t * t;
  return whole + 2.8853900817779268 * t * (1.0 + s * (1.0 / 3.0 + s * (0.2 + s * (1.0 / 7.0 + s * (1.0 / 9.0 + s / 11.0)))));
}
