import type { Part, Performance } from '../performance.js';
import { checkDuration, checkSize, type ScoreLimits } from '../score-limits.js';
import { cleanText } from '../text.js';
import { WarningList } from '../warning-list.js';
import { meterChanges } from './bars.js';
import { buildParts } from './build-parts.js';
import { openMidiFile } from './midi-file.js';
import { partNames } from './part-names.js';
import { partStart } from './part-start.js';
import { resolveChanges } from './resolve-changes.js';
import { surveyMidi } from './survey.js';
import { scoreTexts } from './texts.js';
import { TickClock } from './tick-clock.js';

/**
 * Reads a Standard MIDI File of any format, an .rmi or a .kar file. One part for every channel of every port that has notes, in order of port and channel.
 * @throws ScoreError when it is unreadable, cut off or over a limit.
 */
export function readMidi(bytes: Uint8Array, limits: ScoreLimits): Performance {
  const warnings = new WarningList();
  const file = openMidiFile(bytes, warnings);
  const survey = surveyMidi(file, limits, warnings);
  const { parts: keys } = survey;
  checkSize({ parts: keys.length, notes: survey.noteCount, events: survey.eventCount }, limits);
  const clock = new TickClock(file.division, survey.tempos);
  const endSeconds = clock.secondsAt(survey.endTick);
  checkDuration(endSeconds, limits);

  const rawEvents = buildParts(file, survey, clock, warnings);
  const starts = new Map(keys.map((key) => [key, partStart(rawEvents.get(key)!, (key & 15) + 1)]));
  const severalPorts = new Set(keys.map((key) => key >> 4)).size > 1;
  const instruments = new Map(keys.map((key) => [key, starts.get(key)!.instrument]));
  const names = partNames(survey, file.format, instruments, severalPorts);
  const parts = keys.map((key, index): Part => {
    const channel = (key & 15) + 1;
    return {
      index,
      name: names.get(key)!,
      channel,
      port: severalPorts ? key >> 4 : 0,
      percussion: starts.get(key)!.percussion,
      instrument: null,
      velocityCurve: 'source',
      events: resolveChanges(rawEvents.get(key)!, channel, starts.get(key)!.percussion),
    };
  });
  const texts = scoreTexts(survey.texts, clock);
  // The first track's name is the title, unless it is the name of a part (RP-001, meta event 03).
  const first = survey.tracks[0]!;
  const trackTitle = file.format === 0 || first.noteParts.size === 0 ? cleanText(first.name ?? '') || null : null;
  return {
    format: 'midi',
    title: texts.title ?? file.title ?? trackTitle,
    copyright: file.copyright ?? (cleanText(survey.copyright ?? '') || null),
    parts,
    tempoMap: { tempos: clock.tempoChanges(), meters: meterChanges(survey.signatures) },
    markers: texts.markers,
    lyrics: texts.lyrics,
    endSeconds,
    noteCount: survey.noteCount,
    defaultTail: 'silence',
    warnings: warnings.toArray(),
  };
}
