import { ScoreError } from '../score-error.js';
import type { WarningList } from '../warning-list.js';
import { unwrapRiff } from './rmid.js';

/** Most tracks that the header of a file can announce. */
const MOST_TRACKS = 65_535;

/** The events of one track, not yet read: a stretch of the file. */
export interface TrackChunk {
  readonly index: number;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset after the last byte. */
  readonly end: number;
  /** The chunk claims more bytes than the file has. */
  readonly cut: boolean;
}

/** A Standard MIDI File (RP-001) taken apart into its chunks. */
export interface MidiFile {
  readonly bytes: Uint8Array;
  /** 0 one track, 1 simultaneous tracks, 2 independent patterns. */
  readonly format: 0 | 1 | 2;
  readonly division: Division;
  readonly tracks: readonly TrackChunk[];
  /** From the RIFF wrapper of an .rmi file. */
  readonly title: string | null;
  readonly copyright: string | null;
}

/** What one tick is: a fraction of a quarter note, or of a second (SMPTE). */
export type Division = { readonly ticksPerQuarter: number } | { readonly ticksPerSecond: number };

/**
 * Finds header and tracks, forgiving what does not lose music: foreign chunks, junk between chunks, chunk lengths that are a little wrong.
 * Offsets count from the start of what was sent.
 * @throws ScoreError when there is no header or no track.
 */
export function openMidiFile(sent: Uint8Array, warnings: WarningList): MidiFile {
  const { start, end, title, copyright } = unwrapRiff(sent, warnings);
  const bytes = sent.subarray(0, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!hasTag(bytes, start, 'MThd') || start + 14 > bytes.length)
    throw ScoreError.unreadable(`The MIDI file has no complete header (MThd, 14 bytes) at byte ${start}.`);
  const headerLength = view.getUint32(start + 4);
  const format = view.getUint16(start + 8);
  const announced = view.getUint16(start + 10);
  if (headerLength < 6 || start + 8 + headerLength > bytes.length)
    throw ScoreError.unreadable(
      `The MIDI file's header claims ${headerLength} bytes at byte ${start + 4}; it should be 6.`,
    );
  if (format !== 0 && format !== 1 && format !== 2)
    throw ScoreError.unreadable(`The MIDI file has format ${format} at byte ${start + 8}; only 0, 1 and 2 exist.`);
  const division = readDivision(view, start + 12);
  const tracks = findTracks(bytes, start + 8 + headerLength, warnings);
  if (tracks.length === 0)
    throw ScoreError.unreadable('The MIDI file has a header but no track (MTrk chunk) after it.');
  if (tracks.length !== announced)
    warnings.add(
      'midi-track-count',
      `The header announces ${announced} tracks; the file has ${tracks.length}. All of them are read.`,
    );
  return { bytes, format, division, tracks, title, copyright };
}

function readDivision(view: DataView, offset: number): Division {
  const raw = view.getInt16(offset);
  if (raw > 0) return { ticksPerQuarter: raw };
  const ticksPerFrame = raw & 0xff;
  const framesPerSecond = -(raw >> 8);
  if (raw === 0 || ticksPerFrame === 0 || ![24, 25, 29, 30].includes(framesPerSecond))
    throw ScoreError.unreadable(`The MIDI file's time division at byte ${offset} has no meaning: ${raw & 0xffff}.`);
  // 29 stands for 30 drop-frame: 30000/1001 frames a second.
  return { ticksPerSecond: ticksPerFrame * (framesPerSecond === 29 ? 30_000 / 1001 : framesPerSecond) };
}

function findTracks(bytes: Uint8Array, from: number, warnings: WarningList): TrackChunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tracks: TrackChunk[] = [];
  let at = from;
  while (at + 8 <= bytes.length) {
    const start = at + 8;
    const claimedEnd = start + view.getUint32(at + 4);
    const isTrack = hasTag(bytes, at, 'MTrk');
    if (isTrack && tracks.length === MOST_TRACKS) throw ScoreError.tooLarge('tracks', MOST_TRACKS + 1, MOST_TRACKS);
    const sound = claimedEnd === bytes.length || (claimedEnd < bytes.length && looksLikeChunk(bytes, claimedEnd));
    const end = sound ? claimedEnd : nextTrack(bytes, isTrack ? start : at + 1);
    if (!sound && !(isTrack && claimedEnd > bytes.length && end === bytes.length)) {
      const what = isTrack ? 'a chunk whose length is wrong' : 'bytes that belong to no chunk';
      warnings.add('midi-damaged', `At byte ${at} there are ${what}; reading goes on at byte ${end}.`);
    }
    if (isTrack) tracks.push({ index: tracks.length, start, end, cut: !sound && claimedEnd > end });
    at = end;
  }
  return tracks;
}

/** Offset of the next track's header, or the end of the file. */
function nextTrack(bytes: Uint8Array, from: number): number {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('MTrk', from, 'latin1');
  return found < 0 ? bytes.length : found;
}

/** Four printable characters and a length that fits: what may follow a chunk. */
function looksLikeChunk(bytes: Uint8Array, at: number): boolean {
  if (at + 8 > bytes.length) return false;
  for (let index = at; index < at + 4; index++) if (bytes[index]! < 0x20 || bytes[index]! > 0x7e) return false;
  return true;
}

function hasTag(bytes: Uint8Array, at: number, tag: string): boolean {
  for (let index = 0; index < 4; index++) if (bytes[at + index] !== tag.charCodeAt(index)) return false;
  return true;
}
