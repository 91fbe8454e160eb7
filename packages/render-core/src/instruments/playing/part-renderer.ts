import type { PartAssignment, SourceContext, SourceRenderer } from '../sound-source.js';
import type { NoteSchedule } from './note-schedule.js';
import { PlayedPart } from './played-part.js';
import { type NotePlayer, SEGMENT_FRAMES, type Voice } from './voice.js';

/** Plays the parts of one source: divides time at events and at a fixed grid, and keeps to the voice limit. */
export class PartRenderer implements SourceRenderer {
  stolenNotes = 0;
  private parts: PlayedPart[];
  private frame = 0;
  private sounded = 0;

  /** `createPlayer` is called once for every part. */
  constructor(
    assignments: readonly PartAssignment[],
    private readonly context: SourceContext,
    createPlayer: (assignment: PartAssignment, schedule: NoteSchedule) => NotePlayer,
  ) {
    const makeRoom = () => this.makeRoom();
    this.parts = assignments.map(
      (assignment) =>
        new PlayedPart(assignment, context.sampleRate, (schedule) => createPlayer(assignment, schedule), makeRoom),
    );
  }

  get voiceCount(): number {
    return this.sounded;
  }

  get active(): boolean {
    return this.parts.some((part) => part.voices.length > 0 || part.nextEventFrame !== Number.POSITIVE_INFINITY);
  }

  render(frames: number): void {
    this.sounded = 0;
    let offset = 0;
    while (offset < frames) {
      let until = this.frame - (this.frame % SEGMENT_FRAMES) + SEGMENT_FRAMES;
      for (const part of this.parts) part.dispatch(this.frame);
      for (const part of this.parts) until = Math.min(until, part.nextEventFrame);
      const run = Math.min(frames - offset, until - this.frame);
      let voices = 0;
      for (const part of this.parts) {
        voices += part.voices.length;
        part.render(offset, run, this.frame);
      }
      this.sounded = Math.max(this.sounded, voices);
      offset += run;
      this.frame += run;
    }
  }

  close(): void {
    this.parts = [];
  }

  /** Below the limit, or after cutting the voice that was let go first, or else the oldest. */
  private makeRoom(): void {
    const { maxVoices } = this.context;
    if (maxVoices === null) return;
    let count = 0;
    let victim: Voice | null = null;
    for (const part of this.parts) {
      for (const voice of part.voices) {
        if (voice.dying) continue;
        count++;
        if (victim === null || goesBefore(voice, victim, this.frame)) victim = voice;
      }
    }
    if (count < maxVoices || victim === null) return;
    this.stolenNotes++;
    victim.cut();
  }
}

function goesBefore(a: Voice, b: Voice, frame: number): boolean {
  const aReleased = a.releaseFrame <= frame;
  const bReleased = b.releaseFrame <= frame;
  if (aReleased !== bReleased) return aReleased;
  return aReleased ? a.releaseFrame < b.releaseFrame : a.note.onsetFrame < b.note.onsetFrame;
}
