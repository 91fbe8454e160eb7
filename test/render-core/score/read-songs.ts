import { expect } from '@jest/globals';
import { type NoteEvent, type Performance, parseScore, ScoreError, type ScoreOptions } from '@musistrata/render-core';
export const text = (json: string) => ({ bytes: new TextEncoder().encode(json) });

export async function refusal(song: unknown, options?: ScoreOptions): Promise<ScoreError> {
  const input = typeof song === 'string' ? text(song) : { song };
  const error = await parseScore(input, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ScoreError);
  return error as ScoreError;
}

export function notes(score: Performance, part = 0): NoteEvent[] {
  return score.parts[part]!.events.filter((candidate) => candidate.kind === 'note');
}

export const oneNote = (note: unknown, more: object = {}) => ({
  Tracks: [{ Instrument: 'Vibraphone', Bars: [{ SoundEvents: [{ Note: note, ...more }] }] }],
});
