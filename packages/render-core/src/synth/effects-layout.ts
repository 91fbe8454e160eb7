/** Where the fields of the effects with much state stand in kernel memory; see voice-layout.ts. */

/** Frames that the effects compute at a time, at most: no delay may be shorter. */
export const EFFECT_CHUNK = 64;

/** A ring of samples: i address, i length in frames, i position of the oldest sample. */
export const RING_LENGTH = 4;
export const RING_POSITION = 8;
export const RING_BYTES = 12;

export const LINE_COUNT = 8;
export const DIFFUSER_COUNT = 4;

/** f: damping coefficient. */
export const NETWORK_DAMPING = 0;
/** f: gain of a side's lines to its own output and to the other one. */
export const NETWORK_DIRECT = 4;
export const NETWORK_CROSS = 8;
/** i: work space, aligned to 16. */
export const NETWORK_WORK = 12;
/** i: frames for which nothing has sounded; the network rests from NETWORK_REST on. */
export const NETWORK_QUIET = 16;
export const NETWORK_REST = 16384;
/** i: most frames at a time, a multiple of 4 and no more than the shortest ring. */
export const NETWORK_CHUNK = 20;
/** f: damping states and gains a round of the lines. */
export const NETWORK_STATES = 32;
export const NETWORK_GAINS = 64;
/** Rings of the lines, then those of the diffusers. */
export const NETWORK_LINES = 96;
export const NETWORK_DIFFUSERS = 192;
export const NETWORK_BYTES = 240;
/** The input's chunk, and one for each line. */
export const NETWORK_STAGE_BYTES = EFFECT_CHUNK * 4 + 16;
export const NETWORK_WORK_BYTES = 9 * NETWORK_STAGE_BYTES;

/** i: address and length in frames of the delay line (without its travel); i: travel; f: gain. */
export const CHORUS_LINE = 0;
export const CHORUS_LENGTH = 4;
export const CHORUS_TRAVEL = 8;
export const CHORUS_GAIN = 12;
/** f: phase of the LFO in cycles and cycles per frame; f: middle and depth of the delay in frames. */
export const CHORUS_PHASE = 16;
export const CHORUS_STEP = 20;
export const CHORUS_MIDDLE = 24;
export const CHORUS_DEPTH = 28;
/** i: frames of silence that have gone in. */
export const CHORUS_QUIET = 32;
export const CHORUS_BYTES = 64;
/** Frames that the chorus's delay line moves on before it is shifted back to its start. */
export const CHORUS_MOST_TRAVEL = 1024;

/** Two vectors behind the compressor's gain. */
export const COMPRESSOR_STAGE = 16;
export const COMPRESSOR_BYTES = 48;
