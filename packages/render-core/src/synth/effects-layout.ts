/** Where the fields of the score-wide effects stand in kernel memory; see voice-layout.ts. */

/** Frames that the effects compute at a time, at most: no delay may be shorter. */
export const EFFECT_CHUNK = 64;
/** Frames that a delay line moves on before it is shifted back to its start. */
export const LINE_TRAVEL = 4096;

export const LINE_COUNT = 8;
export const DIFFUSER_COUNT = 4;

/** i: how far the delay lines have moved on; f: damping coefficient. */
export const REVERB_TRAVEL = 0;
export const REVERB_DAMPING = 4;
/** f: gain of a side's lines to its own output and to the other one. */
export const REVERB_DIRECT = 8;
export const REVERB_CROSS = 12;
/** i: work space of nine chunks, aligned to 16. */
export const REVERB_WORK = 16;
/** i: frames for which nothing has sounded; the reverb rests from REVERB_REST on. */
export const REVERB_QUIET = 20;
export const REVERB_REST = 16384;
/** Each line: i address, i delay in frames, f gain per round, f state of the damping. */
export const REVERB_LINES = 32;
export const LINE_BYTES = 16;
/** Each diffuser: i address, i delay in frames. */
export const REVERB_DIFFUSERS = 160;
export const DIFFUSER_BYTES = 8;
export const REVERB_BYTES = 192;
export const REVERB_WORK_BYTES = 9 * (EFFECT_CHUNK * 4 + 16);

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
export const CHORUS_BYTES = 64;
