import type { ChannelState } from './channel-state.js';
import type { ScheduledNote } from './note-schedule.js';

/** Longest stretch that is rendered at once: between two points of this grid only events divide it. */
export const SEGMENT_FRAMES = 64;

/** Frequency ratio of a channel: constant, or one value per frame while it moves. */
export interface PitchLine {
  ratio: number;
  ratios: Float64Array | null;
  /** The ratio that it moves to. */
  targetRatio: number;
}

/** A stretch of one part in which no event falls. */
export interface Segment {
  /** 1 to {@link SEGMENT_FRAMES}. */
  frames: number;
  /** Where in the render it starts. */
  frame: number;
  /** Wheel and tunings; and the tunings alone. */
  readonly pitch: PitchLine;
  readonly unbent: PitchLine;
  readonly channel: ChannelState;
  /** What the voices add to: the part before its volume and pan. */
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** One sound in progress. Kept in pools and started again. */
export interface Voice {
  /** The note that it plays. */
  readonly note: ScheduledNote;
  readonly finished: boolean;
  /** Fading out because of the voice limit, a group or "all sound off": no longer counted. */
  readonly dying: boolean;
  /** Where its release begins, Infinity when it has none. */
  readonly releaseFrame: number;
  /** Adds itself to the segment. */
  render(segment: Segment): void;
  /** Fades out within a few milliseconds. */
  cut(): void;
}

/** What a kind of source does when a note of a part begins. */
export interface NotePlayer {
  /** Starts the voices of a note by handing them to {@link VoiceSink.add}. */
  start(note: ScheduledNote, sink: VoiceSink): void;
  /** Moments, other than onsets, at which it wants to be called with {@link NotePlayer.wake}; Infinity when there are none. */
  readonly nextWake: number;
  wake(frame: number, sink: VoiceSink): void;
  /** Takes back a voice that has finished. */
  recycle(voice: Voice): void;
}

export interface VoiceSink {
  /** The part's voices in order of their start. */
  readonly voices: readonly Voice[];
  readonly channel: ChannelState;
  /** Cents by which the tuning table moves a key. */
  tuningCents(key: number): number;
  /** Makes room for one more voice where their number is limited. */
  reserve(): void;
  add(voice: Voice): void;
}
