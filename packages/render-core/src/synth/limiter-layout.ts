/** Where the fields of the limiter stand in kernel memory; see voice-layout.ts. */

/** Most frames at a time. */
export const LIMITER_FRAMES = 1024;

/** d: gain before smoothing, sum of the gains that are averaged, share of the way back to the wanted gain in a frame. */
export const LIMITER_GAIN = 0;
export const LIMITER_SUM = 8;
export const LIMITER_RELEASE = 16;
/** f: largest amplitude; i: whether points between samples count. */
export const LIMITER_CEILING = 24;
export const LIMITER_INTERPOLATES = 28;
/** i: length of the look-ahead and delay of the output in frames. */
export const LIMITER_LOOK_AHEAD = 32;
export const LIMITER_DELAY = 36;
/** i: position in the stretch of as many frames as the look-ahead; f: least wanted gain in this stretch. */
export const LIMITER_SLOT = 40;
export const LIMITER_LEAST = 44;
/** i: for how many frames the gain has been 1. */
export const LIMITER_IDLE = 48;
/** i: address of each channel's line, the second 0 for mono; i: frames of the past at its start, a multiple of 4. */
export const LIMITER_LEFT = 52;
export const LIMITER_RIGHT = 56;
export const LIMITER_PAST = 60;
/** i: wanted gains of a block; those of this stretch; least ones from each to the end of the stretch before (f each); averaged gains (d). */
export const LIMITER_WANTED = 64;
export const LIMITER_STRETCH = 68;
export const LIMITER_BEFORE = 72;
export const LIMITER_AVERAGED = 76;
export const LIMITER_BYTES = 80;
