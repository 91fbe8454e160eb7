/**
 * Frames between two points at which a voice works out where its pitch, level and cutoff go next. Counted from its onset, so that the sound does
 * not depend on how a stretch is divided.
 */
export const CONTROL_FRAMES = 32;

/** Most control intervals that a segment can touch. */
export const MOST_INTERVALS = 4;
