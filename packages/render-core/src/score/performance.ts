import type { TempoMap } from './tempo-map.js';

/** The kinds of file and document that can be read into a {@link Performance}. */
export type ScoreFormat = 'musistrata' | 'midi' | 'musicxml' | 'guitarpro';

/** Something the reader of a score should know but that does not stop the render. */
export interface Warning {
  /** Stable, kebab-case; docs/errors.md says where each kind is explained. */
  readonly code: string;
  readonly message: string;
  /** JSON pointer (RFC 6901) into the score or the options, where there is one. */
  readonly pointer?: string;
}

/**
 * One event model for every input: parts with events on an absolute time line.
 *
 * A part carries everything that its sound depends on, so that parts can be rendered apart, in any order and in parallel:
 * messages that concern the whole score (a system reset, the master volume) stand in the events of every part.
 */
export interface Performance {
  readonly format: ScoreFormat;
  readonly title: string | null;
  readonly copyright: string | null;
  readonly parts: readonly Part[];
  readonly tempoMap: TempoMap;
  /** Rehearsal marks, cue points: in time order. */
  readonly markers: readonly Marker[];
  readonly lyrics: readonly Marker[];
  /** Where the music ends, in seconds: the last bar line, note end or end-of-track, without any tail. */
  readonly endSeconds: number;
  /** How many notes all parts hold. */
  readonly noteCount: number;
  /** Length after the end of the music that this kind of score gets unless the request says otherwise. */
  readonly defaultTail: 'two-seconds' | 'silence';
  readonly warnings: readonly Warning[];
}

export interface Marker {
  /** Seconds. */
  readonly time: number;
  readonly text: string;
}

/**
 * A line of music played by one instrument: a MusiStrata track, or one channel of one port of a MIDI file.
 */
export interface Part {
  /** Position in {@link Performance.parts}. */
  readonly index: number;
  /** As the score names it; never empty ("Part 3", "Channel 10" when it has no name). */
  readonly name: string;
  /** MIDI channel 1-16, or null for scores that have no channels. */
  readonly channel: number | null;
  /** MIDI port, 0 when the score has only one. */
  readonly port: number;
  /** Keys select drums rather than pitches, from the start and after every reset; a message among the events may change it on the way. */
  readonly percussion: boolean;
  /**
   * The instrument that the score names for the whole part; null when program changes among the events decide.
   * Percussion parts may have an empty name.
   */
  readonly instrument: InstrumentName | null;
  /**
   * How velocity becomes loudness: `linear` makes amplitude velocity / 100 whatever the source would do by itself (MusiStrata);
   * `source` leaves it to the sound source (MIDI and everything else). Choice of sample and brightness follow velocity in both.
   */
  readonly velocityCurve: 'linear' | 'source';
  /** In time order; at equal times in the order in which they take effect. */
  readonly events: readonly PartEvent[];
}

/** An instrument as a score asks for it. */
export interface InstrumentName {
  /** A catalogue name or General MIDI name as written; null when only a program number is given. */
  readonly name: string | null;
  /** 0-127; null when only a name is given. */
  readonly program: number | null;
  /** Bank number as the score gives it, 0 by default. */
  readonly bank: number;
  /** Where in the score it is asked for (JSON pointer), if the score is JSON. */
  readonly pointer?: string;
}

export type PartEvent =
  | NoteEvent
  | ControllerEvent
  | ProgramEvent
  | PitchBendEvent
  | ChannelPressureEvent
  | KeyPressureEvent
  | SystemEvent;

/** A note from its start to the moment its key is released (pedals may hold it longer). Overlapping equal keys are separate notes. */
export interface NoteEvent {
  readonly kind: 'note';
  /** Onset in seconds, >= 0. */
  readonly time: number;
  /** MIDI key number 0-127; 60 is middle C (261.63 Hz). */
  readonly key: number;
  /** 0-127; may be fractional; 0 is silent. */
  readonly velocity: number;
  /** Seconds from onset to release, >= 0; 0 is a strike released at once. */
  readonly duration: number;
  /** Deviation from the key's pitch in cents; 0 by default. */
  readonly detuneCents?: number;
  /** Corner in Hz of a gentle low-pass that softens this note; none by default. */
  readonly lowPassHz?: number;
}

export interface ControllerEvent {
  readonly kind: 'controller';
  readonly time: number;
  /** MIDI controller number 0-127 (RPN and NRPN come as their controllers 98-101, 6, 38, 96, 97). */
  readonly controller: number;
  /** 0-127. */
  readonly value: number;
}

export interface ProgramEvent {
  readonly kind: 'program';
  readonly time: number;
  /** 0-127. The bank is whatever controllers 0 and 32 have selected. */
  readonly program: number;
}

export interface PitchBendEvent {
  readonly kind: 'pitchBend';
  readonly time: number;
  /** 0-16383, 8192 is the centre. */
  readonly value: number;
}

export interface ChannelPressureEvent {
  readonly kind: 'channelPressure';
  readonly time: number;
  readonly pressure: number;
}

export interface KeyPressureEvent {
  readonly kind: 'keyPressure';
  readonly time: number;
  readonly key: number;
  readonly pressure: number;
}

/** What a universal or maker's system-exclusive message asks of a part, already understood. */
export interface SystemEvent {
  readonly kind: 'system';
  readonly time: number;
  readonly message: SystemMessage;
}

export type SystemMessage =
  | { readonly type: 'reset'; readonly system: 'gm' | 'gm2' | 'gs' | 'xg' | 'gm-off' }
  /** Universal or maker's master volume, 0-1 of full scale on MIDI's 14-bit controller (the curve is the source's). */
  | { readonly type: 'masterVolume'; readonly value: number }
  /** Master tuning in cents, fine and coarse together. */
  | { readonly type: 'masterTuning'; readonly cents: number }
  /** GS "use for rhythm part", XG part mode; also what a bank of drums comes to. */
  | { readonly type: 'percussion'; readonly on: boolean }
  /** MIDI Tuning Standard, GS and XG scale tuning: cents away from equal temperament per key (128 values). */
  | { readonly type: 'tuning'; readonly cents: readonly number[] }
  | { readonly type: 'reverbType' | 'chorusType'; readonly value: number };
