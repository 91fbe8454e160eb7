import { expect } from '@jest/globals';
import { type NoteEvent, type PartEvent, type Performance, parseScore, ScoreError } from '@musistrata/render-core';

export const read = (bytes: Uint8Array) => parseScore({ bytes });

export function notes(score: Performance, part = 0): NoteEvent[] {
  return score.parts[part]!.events.filter((event) => event.kind === 'note');
}

export async function refusal(bytes: Uint8Array): Promise<ScoreError> {
  const error = await read(bytes).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ScoreError);
  return error as ScoreError;
}

/** The events of a part without their times, notes left out. */
export function controls(score: Performance, part = 0): Omit<PartEvent, 'time'>[] {
  return score.parts[part]!.events.filter((event) => event.kind !== 'note').map(({ time: _, ...event }) => event);
}
