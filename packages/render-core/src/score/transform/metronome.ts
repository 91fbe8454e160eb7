import type { ControllerEvent, NoteEvent, Part, Performance } from '../performance.js';
import { beatAtSeconds, secondsAtBeat } from '../tempo-map.js';
import { WarningList } from '../warning-list.js';

/** Drums that every General MIDI kit has: the high wood block on the first beat of a bar, the side stick on the others. */
const FIRST_BEAT = { key: 76, velocity: 110 };
const OTHER_BEATS = { key: 37, velocity: 90 };
const CLICK_SECONDS = 0.05;
/** More clicks than this are noise, not a metronome. */
const MOST_CLICKS = 100_000;

/** A beat this close to a bar line belongs to the next bar. */
const ON_THE_BAR_LINE = 1e-6;

const DRY: ControllerEvent = { kind: 'controller', time: 0, controller: 91, value: 0 };

/**
 * Adds a percussion part that clicks on every beat of the metre (eighths in 6/8).
 * @param until seconds at which it stops: the end of the count-in, or of the music
 */
export function addMetronome(performance: Performance, until: number): Performance {
  const notes = clicks(performance, until);
  if (notes === null) {
    const warnings = new WarningList();
    warnings.add('metronome-left-out', `There are more than ${MOST_CLICKS} beats: the metronome is left out.`);
    return { ...performance, warnings: [...performance.warnings, ...warnings.toArray()] };
  }
  const part: Part = {
    index: performance.parts.length,
    name: 'Metronome',
    channel: null,
    port: 0,
    percussion: true,
    instrument: null,
    velocityCurve: 'source',
    // Songs are dry (docs/scores.md), and so are their clicks.
    events: performance.format === 'musistrata' ? [DRY, ...notes] : notes,
  };
  return { ...performance, parts: [...performance.parts, part], noteCount: performance.noteCount + notes.length };
}

function clicks({ tempoMap }: Performance, until: number): NoteEvent[] | null {
  const notes: NoteEvent[] = [];
  const end = beatAtSeconds(tempoMap, until);
  for (const [index, meter] of tempoMap.meters.entries()) {
    const stop = Math.min(tempoMap.meters[index + 1]?.beat ?? end, end) - ON_THE_BAR_LINE;
    const step = 4 / meter.denominator;
    for (let bar = 0; meter.beat + bar * meter.beatsPerBar < stop; bar++)
      for (let beat = 0; beat < meter.beatsPerBar - ON_THE_BAR_LINE; beat += step) {
        const at = meter.beat + bar * meter.beatsPerBar + beat;
        if (at >= stop) break;
        if (notes.length === MOST_CLICKS) return null;
        notes.push({
          kind: 'note',
          time: secondsAtBeat(tempoMap, at),
          duration: CLICK_SECONDS,
          ...(beat === 0 ? FIRST_BEAT : OTHER_BEATS),
        });
      }
  }
  return notes;
}
