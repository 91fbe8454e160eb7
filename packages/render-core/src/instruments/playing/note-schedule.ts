import type { NoteEvent, Part, PartEvent } from '../../score/performance.js';
import { timeline } from '../../synth/timeline.js';

/** A note with the frames at which things happen to it, pedals, mono mode and note-off messages already taken into account. */
export interface ScheduledNote {
  readonly event: NoteEvent;
  /** Position among the sounding notes of the part. */
  readonly ordinal: number;
  readonly onsetFrame: number;
  /** Where the key and the pedals let go; never before the onset. */
  readonly releaseFrame: number;
  /** Where "all sound off" or a reset silences the note; Infinity when nothing does. */
  cutFrame: number;
  /** Key before it, from which it glides when portamento is on; -1 when there is none. */
  readonly previousKey: number;
}

/** A part laid out on the frame grid. A score is known in advance, so that pedals are resolved here and never while sounding. */
export interface NoteSchedule {
  /** In order of onset; notes of velocity 0 are left out. */
  readonly notes: readonly ScheduledNote[];
  /** Events that change the channel, in time order. */
  readonly changes: readonly PartEvent[];
  readonly changeFrames: Float64Array;
}

/** Lays out a part at a sample rate in Hz, by the same rules as the sound font engine. */
export function scheduleNotes(part: Part, sampleRate: number): NoteSchedule {
  const notes: ScheduledNote[] = [];
  const changes: PartEvent[] = [];
  const changeFrames: number[] = [];
  let uncut = 0;
  for (const { frame, event, release, glideFrom } of timeline(part, sampleRate).steps) {
    if (event.kind === 'note') {
      notes.push({
        event,
        ordinal: notes.length,
        onsetFrame: frame,
        releaseFrame: release,
        cutFrame: Number.POSITIVE_INFINITY,
        previousKey: glideFrom,
      });
    } else if (event.kind !== 'program') {
      changes.push(event);
      changeFrames.push(frame);
      if (silences(event)) for (; uncut < notes.length; uncut++) notes[uncut]!.cutFrame = frame;
    }
  }
  return { notes, changes, changeFrames: Float64Array.from(changeFrames) };
}

function silences(event: PartEvent): boolean {
  if (event.kind === 'controller') return event.controller === 120;
  return event.kind === 'system' && event.message.type === 'reset';
}
