import type { Part, PartEvent, Performance } from '../performance.js';
import { WarningList } from '../warning-list.js';

const HIGHEST_KEY = 127;

/**
 * Moves all pitches by whole semitones; keys that select drums stay. Notes that leave the MIDI keys are left out, with a warning that counts them.
 */
export function transpose(performance: Performance, semitones: number): Performance {
  if (semitones === 0) return performance;
  const warnings = new WarningList();
  const parts = performance.parts.map((part) => transposePart(part, semitones, warnings));
  const noteCount = parts.reduce(
    (count, part) => count + part.events.filter((event) => event.kind === 'note').length,
    0,
  );
  return { ...performance, parts, noteCount, warnings: [...performance.warnings, ...warnings.toArray()] };
}

function transposePart(part: Part, semitones: number, warnings: WarningList): Part {
  const events: PartEvent[] = [];
  let percussion = part.percussion;
  let lost = 0;
  for (const event of part.events) {
    if (event.kind === 'system') {
      const { message } = event;
      if (message.type === 'percussion') percussion = message.on;
      else if (message.type === 'reset') percussion = part.percussion;
      // The scale moves with the music.
      const moved =
        message.type === 'tuning' && !percussion ? { ...message, cents: shifted(message.cents, semitones) } : message;
      events.push({ ...event, message: moved });
    } else if (percussion || (event.kind !== 'note' && event.kind !== 'keyPressure')) events.push(event);
    else {
      const key = event.key + semitones;
      if (key >= 0 && key <= HIGHEST_KEY) events.push({ ...event, key });
      else if (event.kind === 'note') lost++;
    }
  }
  if (lost > 0)
    warnings.add(
      'transposed-out-of-range',
      `${lost} of the notes of the part "${part.name}" would be outside the MIDI keys 0 to 127 and are left out.`,
    );
  return { ...part, events };
}

function shifted(cents: readonly number[], semitones: number): number[] {
  return cents.map((_, key) => cents[Math.min(HIGHEST_KEY, Math.max(0, key - semitones))] ?? 0);
}
