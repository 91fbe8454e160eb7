/**
 * Where the fields of a voice stand in kernel memory, in bytes from its start. Compiled into the kernel and read by the
 * host, so that both always agree. Letters: l 64-bit integer, i 32-bit integer, d 64-bit float, f 32-bit float.
 */

/** Frames that a voice renders at a time: control (envelopes, LFOs, filter) moves once per period. */
export const PERIOD_FRAMES = 64;
/**
 * Periods that one voice renders in a row, before the next voice does, as long as no event falls between them: what it works
 * with stays in the processor, and what is decided anew in each period turns out as in the one before.
 */
export const BATCH_PERIODS = 16;

/** l: position in the sample in frames, 32.32 fixed point. */
export const PHASE = 0;
/** l: frames of the sample per output frame, 32.32; used while nothing moves the pitch. */
export const INCREMENT = 8;
/** d: base pitch in octaves: an increment of 2 ^ pitch. */
export const PITCH = 16;
/** i: address of frame 0 of the sample. */
export const SAMPLE = 24;
/** i: address such that frame p of the unrolled loop stands at TAIL + 2 p. */
export const TAIL = 28;
/** i: first frame that is read from the tail; the sample's end when it does not loop. */
export const TAIL_FROM = 32;
/** i: position at which the loop jumps back. */
export const WRAP_AT = 36;
/** i: how far it jumps; 0 when the sample does not loop. */
export const WRAP_LENGTH = 40;
/** i: end of the sample in frames once it does not loop (any more). */
export const SAMPLE_END = 44;
/** i: LOOP_*. */
export const LOOP_MODE = 48;
/** i: STATE_*. */
export const STATE = 52;
/** i: the voice's onset modulo the period, 0-63 frames: how many of its frames each batch leaves to the next. */
export const ALIGNMENT = 56;
/** i: frames since the onset at the start of the next period. */
export const AGE = 60;
/** i: frames from onset to release. */
export const RELEASE_AT = 64;
/** i: bit set of what is at work in the voice: MOD_LFO, VIB_LFO, MOD_ENV, GLIDES, FILTERS. */
export const MOVES = 68;

/** f: octaves of pitch per unit of the modulation LFO, vibrato LFO and modulation envelope. */
export const MOD_LFO_TO_PITCH = 72;
export const VIB_LFO_TO_PITCH = 76;
export const MOD_ENV_TO_PITCH = 80;
/** f: portamento: octaves still to go, and how many a frame brings. */
export const GLIDE = 84;
export const GLIDE_STEP = 88;

/** f: filter cutoff in octaves above 8.176 Hz; octaves per unit of the modulation LFO and envelope. */
export const CUTOFF = 92;
export const MOD_LFO_TO_CUTOFF = 96;
export const MOD_ENV_TO_CUTOFF = 100;
/** f: 1 / (2 Q), and the gain at 0 Hz. */
export const HALF_INVERSE_Q = 104;
export const FILTER_GAIN = 108;
/** f: the cutoff that the coefficients stand for; coefficients b0, a1, a2 (b1 = 2 b0, b2 = b0). */
export const FILTER_CUTOFF = 112;
export const FILTER_B0 = 116;
export const FILTER_A1 = 120;
export const FILTER_A2 = 124;
/** d: the last two inputs and outputs of the filter. */
export const FILTER_X2 = 128;
export const FILTER_X1 = 136;
export const FILTER_Y2 = 144;
export const FILTER_Y1 = 152;

/** f: octaves of gain per unit of the modulation LFO (tremolo), and the gain that it gave last. */
export const MOD_LFO_TO_GAIN = 160;
export const TREMOLO = 164;

/** f: LFO cycles per frame; i: frames before it starts. */
export const MOD_LFO_STEP = 168;
export const MOD_LFO_DELAY = 172;
export const VIB_LFO_STEP = 176;
export const VIB_LFO_DELAY = 180;

/** Volume envelope. i: frame at which the attack, hold and decay begin. */
export const VOL_ATTACK_AT = 192;
export const VOL_HOLD_AT = 196;
export const VOL_DECAY_AT = 200;
/** f: octaves of gain per frame (negative); sustain level in octaves of gain (<= 0). */
export const VOL_DECAY_STEP = 204;
export const VOL_SUSTAIN = 208;
export const VOL_RELEASE_STEP = 212;
/** f: the level at the release in octaves of gain, or 1 while it has not come. */
export const VOL_RELEASED_FROM = 216;
/** f: level in octaves of gain below which the voice is inaudible and ends. */
export const VOL_FLOOR = 220;

/** Modulation envelope. As above, but levels run from 0 to 1 and steps are per frame. */
export const MOD_ATTACK_AT = 224;
export const MOD_HOLD_AT = 228;
export const MOD_DECAY_AT = 232;
export const MOD_DECAY_STEP = 236;
export const MOD_SUSTAIN = 240;
export const MOD_RELEASE_STEP = 244;
/** f: gain at the end of the last period, where the next ramp starts. */
export const VOL_GAIN = 248;
/** f: what the decay and the release leave of the gain in a period. */
export const VOL_DECAY_FACTOR = 312;
export const VOL_RELEASE_FACTOR = 316;

/** Gains into the part's left, right, reverb and chorus accumulators: f reached, f wanted. */
export const GAINS = 256;
export const GAIN_TARGETS = 272;
/** i: address of the part's accumulators. */
export const ACCUMULATORS = 288;
/** f: factor per period of a voice that is being cut; 1 otherwise. f: what it has come to. */
export const CUT_STEP = 296;
export const CUT = 300;
/** i: address of the shared sound that the voice plays; 0 when it makes its own. */
export const SHARED_SOUND = 304;

/** f x 64: frames of the last period that belong to the next batch, before the gains. */
export const CARRIED = 320;
export const VOICE_BYTES = 576;

export const STATE_FREE = 0;
export const STATE_SOUNDING = 1;
/** Only what is carried over is left. */
export const STATE_LAST = 2;

export const LOOP_NONE = 0;
export const LOOP_ALWAYS = 1;
export const LOOP_UNTIL_RELEASE = 3;

export const MOD_LFO = 1;
export const VIB_LFO = 2;
export const MOD_ENV = 4;
export const GLIDES = 8;
export const FILTERS = 16;

/** A part's accumulators: left, right, reverb, chorus, one batch each. */
export const ACCUMULATOR_STRIDE = 4160;
export const ACCUMULATOR_BYTES = 16640;

/** Where the interpolation tables stand: 1024 fractions of 2, 4 and 8 coefficients. Constants, so that addresses cost nothing. */
export const LINEAR_TABLE = 0x30000;
export const CUBIC_TABLE = 0x31000;
export const SINC_TABLE = 0x33000;

/**
 * A sound that several voices share: it begins like a voice (the fields that make its sound, up to GAINS).
 * i: frames that have been rendered; i: 1 when there are no more; f: the frames, before any envelope.
 */
export const SOUND_FRAMES = 256;
export const SOUND_WHOLE = 260;
/** i: frames that there is room for. */
export const SOUND_ROOM = 264;
export const SOUND_SIGNAL = 320;
