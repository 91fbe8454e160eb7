import type { midi, model } from '@coderline/alphatab';
import { TickClock } from '../midi/tick-clock.js';
import type { Marker, Part, PartEvent, Performance, ScoreFormat } from '../performance.js';
import { ScoreError } from '../score-error.js';
import { checkDuration, checkSize, type ScoreLimits } from '../score-limits.js';
import type { MeterChange } from '../tempo-map.js';
import { cleanText } from '../text.js';
import { WarningList } from '../warning-list.js';
import type { EngravedRecorder, RecordedPart } from './engraved-recorder.js';

/** Ticks in a quarter note of the library. */
const TICKS_PER_QUARTER = 960;
const PERCUSSION_CHANNEL = 9;
const BANK_SELECT: readonly number[] = [0, 32];

/**
 * Makes a performance of what has been recorded. One part for every track; notes that bend by themselves have a channel and so a part of their own.
 * Parts have no channel numbers: what the library deals is not the score's.
 */
export function engravedPerformance(
  score: model.Score,
  bars: readonly midi.MasterBarTickLookup[],
  recorder: EngravedRecorder,
  format: ScoreFormat,
  limits: ScoreLimits,
): Performance {
  const warnings = new WarningList();
  const clock = new TickClock(
    { ticksPerQuarter: TICKS_PER_QUARTER },
    recorder.tempos.sort((a, b) => a.tick - b.tick),
  );
  const endSeconds = clock.secondsAt(recorder.endTick);
  checkDuration(endSeconds, limits);
  const recorded = [...recorder.parts.values()]
    .filter((part) => part.noteCount > 0)
    .sort((a, b) => a.track - b.track || a.channel - b.channel);
  checkSize({ parts: recorded.length, notes: recorder.noteCount, events: 0 }, limits);
  if (recorder.droppedNotes > 0)
    warnings.add(
      'score-key-out-of-range',
      `${recorder.droppedNotes} notes are outside the MIDI keys 0 to 127 and are left out.`,
    );
  const parts = recorded.map((part, index): Part => {
    const track = score.tracks[part.track];
    if (track === undefined) throw ScoreError.unreadable('The score has notes for a track that it does not have.');
    const percussion =
      track.playbackInfo.primaryChannel === PERCUSSION_CHANNEL || track.staves.some((staff) => staff.isPercussion);
    return {
      index,
      name: partName(track, part, recorded, index),
      channel: null,
      port: 0,
      percussion,
      instrument: null,
      velocityCurve: 'source',
      events: inSeconds(part, percussion, clock),
    };
  });
  return {
    format,
    title: plainText(score.title) || null,
    copyright: plainText(score.copyright) || null,
    parts,
    tempoMap: { tempos: clock.tempoChanges(), meters: meters(bars, recorder.tickShift) },
    markers: markers(bars, recorder.tickShift, clock),
    lyrics: lyrics(score, bars, recorder.tickShift, clock),
    endSeconds,
    noteCount: recorder.noteCount,
    defaultTail: 'silence',
    warnings: warnings.toArray(),
  };
}

/** The library makes spaces unbreakable for display. */
function plainText(text: string): string {
  return cleanText(text.replaceAll('\u00a0', ' '));
}

function partName(track: model.Track, part: RecordedPart, all: readonly RecordedPart[], index: number): string {
  const name = plainText(track.name) || `Part ${index + 1}`;
  const alone = all.every((other) => other === part || other.track !== part.track);
  return alone || part.channel === track.playbackInfo.primaryChannel ? name : `${name} (bends)`;
}

function inSeconds(part: RecordedPart, percussion: boolean, clock: TickClock): PartEvent[] {
  const events: PartEvent[] = [];
  for (const event of part.builder.build()) {
    if (event.kind === 'change') continue;
    // What the library selects for drums is a guess (a guitar's program, often): they get the standard kit.
    if (
      percussion &&
      (event.kind === 'program' || (event.kind === 'controller' && BANK_SELECT.includes(event.controller)))
    )
      continue;
    const time = clock.secondsAt(event.time);
    if (event.kind === 'note')
      events.push({ ...event, time, duration: clock.secondsAt(event.time + event.duration) - time });
    else events.push({ ...event, time });
  }
  return events;
}

/** One entry where the metre changes or a bar (a pick-up, say) is not as long as it says. */
function meters(bars: readonly midi.MasterBarTickLookup[], shift: number): MeterChange[] {
  const changes: MeterChange[] = [];
  for (const [index, { masterBar, start }] of bars.entries()) {
    const { timeSignatureNumerator: numerator, timeSignatureDenominator: denominator } = masterBar;
    const beat = index === 0 ? 0 : (start + shift) / TICKS_PER_QUARTER;
    const last = changes.at(-1);
    const expected = last && last.beat + (index + 1 - last.bar) * last.beatsPerBar;
    if (last?.numerator === numerator && last.denominator === denominator && Math.abs(expected! - beat) < 1e-6)
      continue;
    if (!(numerator > 0 && denominator > 0)) continue;
    changes.push({ beat, bar: index + 1, beatsPerBar: (4 * numerator) / denominator, numerator, denominator });
  }
  if (changes[0]?.beat !== 0) changes.unshift({ beat: 0, bar: 1, beatsPerBar: 4, numerator: 4, denominator: 4 });
  return changes;
}

/** Rehearsal marks and section names. */
function markers(bars: readonly midi.MasterBarTickLookup[], shift: number, clock: TickClock): Marker[] {
  const found: Marker[] = [];
  for (const { masterBar, start } of bars) {
    const text = masterBar.section === null ? '' : plainText(`${masterBar.section.marker} ${masterBar.section.text}`);
    if (text !== '') found.push({ time: clock.secondsAt(start + shift), text });
  }
  return found;
}

/** The syllables of the first track that has any; a passage that is repeated has its next verse, where there is one. */
function lyrics(
  score: model.Score,
  bars: readonly midi.MasterBarTickLookup[],
  shift: number,
  clock: TickClock,
): Marker[] {
  const beatsOf = (track: model.Track, bar: number) =>
    track.staves
      .flatMap((staff) => staff.bars[bar]?.voices.flatMap((voice) => voice.beats) ?? [])
      .filter((beat) => beat.lyrics !== null);
  const singer = score.tracks.find((track) => score.masterBars.some((bar) => beatsOf(track, bar.index).length > 0));
  if (singer === undefined) return [];
  const found: Marker[] = [];
  const timesPlayed = new Map<number, number>();
  for (const { masterBar, start } of bars) {
    const times = timesPlayed.get(masterBar.index) ?? 0;
    timesPlayed.set(masterBar.index, times + 1);
    for (const beat of beatsOf(singer, masterBar.index)) {
      const text = plainText(beat.lyrics![Math.min(times, beat.lyrics!.length - 1)] ?? '');
      if (text !== '') found.push({ time: clock.secondsAt(Math.max(0, start + shift + beat.playbackStart)), text });
    }
  }
  return found.sort((a, b) => a.time - b.time);
}
