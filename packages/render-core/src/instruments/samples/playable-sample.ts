import { READ_MARGIN } from './interpolator.js';
import { resample } from './resampler.js';
import type { Channels } from './wav-decoder.js';
import type { SampleLoop } from './wav-header.js';

/** Last milliseconds of a recording that does not end in silence, faded out against the click. */
const END_FADE_SECONDS = 0.003;

/** Frames at the end of a resampled signal that sound of its end: more than half the resampler's kernel. */
const RESAMPLING_EDGE = 100;

/** A sample at the rate of the render, with silence or more of the loop around it, so that reading never leaves the arrays. */
export interface PlayableSample {
  readonly left: Float32Array;
  /** Null when the sample is mono. */
  readonly right: Float32Array | null;
  /** Index of frame 0: there are as many readable frames before it. */
  readonly margin: number;
  /** Frames per frame of the file. */
  readonly rate: number;
  /** Position after the last frame; Infinity with a loop. */
  readonly end: number;
  /** At `wrapAt` playing goes back by `loopLength`; both may be fractional. */
  readonly wrapAt: number;
  readonly loopLength: number;
  readonly bytes: number;
}

/** Prepares a stretch of a decoded sample. All positions are frames of the file. */
export function preparePlayable(
  channels: Channels,
  fileRate: number,
  renderRate: number,
  end: number,
  loop: SampleLoop | null,
): PlayableSample {
  const rate = renderRate / fileRate;
  const stop = Math.min(end, channels[0].length);
  const looped = loop !== null && loop.end <= stop ? loop : null;
  const lines = channels.map((line) => {
    const whole =
      looped === null
        ? faded(line, stop, fileRate)
        : unrolled(line, looped, Math.ceil((2 * READ_MARGIN + RESAMPLING_EDGE) / rate) + 2);
    return padded(resample(whole, fileRate, renderRate));
  });
  const [left, right] = lines as [Float32Array, Float32Array | undefined];
  const endFrame = stop * rate;
  return {
    left,
    right: right ?? null,
    margin: READ_MARGIN,
    rate,
    end: looped === null ? endFrame : Number.POSITIVE_INFINITY,
    // Far enough into the repetition that reading backwards stays inside it.
    wrapAt: looped === null ? Number.POSITIVE_INFINITY : looped.end * rate + READ_MARGIN,
    loopLength: looped === null ? 0 : (looped.end - looped.start) * rate,
    bytes: lines.reduce((sum, line) => sum + line.byteLength, 0),
  };
}

/** Up to the end of the loop, then the loop again for `extra` frames. */
function unrolled(line: Float32Array, loop: SampleLoop, extra: number): Float32Array {
  const out = new Float32Array(loop.end + extra);
  out.set(line.subarray(0, loop.end));
  const length = loop.end - loop.start;
  for (let i = 0; i < extra; i++) out[loop.end + i] = line[loop.start + (i % length)]!;
  return out;
}

function faded(line: Float32Array, stop: number, fileRate: number): Float32Array {
  const out = line.slice(0, stop);
  const fade = Math.min(stop, Math.round(END_FADE_SECONDS * fileRate));
  const isSilent = out.subarray(stop - Math.min(stop, 4)).every((value) => Math.abs(value) < 1e-4);
  if (!isSilent) for (let i = 0; i < fade; i++) out[stop - 1 - i]! *= (i + 1) / (fade + 1);
  return out;
}

function padded(line: Float32Array): Float32Array {
  const out = new Float32Array(line.length + 2 * READ_MARGIN + 2);
  out.set(line, READ_MARGIN);
  return out;
}
