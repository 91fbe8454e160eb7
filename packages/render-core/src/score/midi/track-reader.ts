import { ScoreError } from '../score-error.js';
import type { WarningList } from '../warning-list.js';
import type { TrackChunk } from './midi-file.js';

/** Data bytes of channel messages 8x-Ex and of the system messages that should not stand in a file (F1-F6). */
const DATA_BYTES = [2, 2, 2, 2, 1, 1, 2];
const SYSTEM_DATA_BYTES = [0, 1, 2, 1, 0, 0, 0];

const END_OF_TRACK = 0x2f;

/** A system exclusive message in more pieces than this is damage. */
const MOST_PIECES = 100;

/** What reads the events of a track. Offsets are where the event's first byte stands in the file. */
export interface TrackVisitor {
  /** A channel message; `second` is 0 where there is only one data byte. */
  channelMessage(tick: number, status: number, first: number, second: number, offset: number): void;
  /** A meta event other than the end of the track, its data at bytes[start, end). */
  meta(tick: number, type: number, start: number, end: number, offset: number): void;
  /** A complete system exclusive message from the maker's byte to the one before F7. */
  exclusive(tick: number, data: Uint8Array, offset: number): void;
}

/**
 * Reads all events of a track in order (RP-001 with running status).
 * @returns the tick at which the track ends.
 * @throws ScoreError with the byte offset when the track is cut off or is no sequence of events.
 */
export function readTrack(
  bytes: Uint8Array,
  track: TrackChunk,
  visitor: TrackVisitor,
  warnings: WarningList | null,
): number {
  const { end } = track;
  let at = track.start;
  let tick = 0;
  let running = 0;
  let pending: Uint8Array[] | null = null;

  const need = (count: number): void => {
    if (at + count > end)
      throw ScoreError.unreadable(
        `Track ${track.index + 1} of the MIDI file breaks off in the middle of an event at byte ${at}. The file is incomplete: send it again whole.`,
      );
  };
  const variableLength = (): number => {
    let value = 0;
    for (let count = 0; count < 4; count++) {
      need(1);
      const byte = bytes[at++]!;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw ScoreError.unreadable(
      `A variable-length number in the MIDI file has more than four bytes at byte ${at - 4}.`,
    );
  };

  while (at < end) {
    tick += variableLength();
    const offset = at;
    need(1);
    let status = bytes[at]!;
    if (status >= 0x80) at++;
    else if (running !== 0) status = running;
    else throw ScoreError.unreadable(`The MIDI file has data without a status at byte ${at}.`);

    if (status < 0xf0) {
      running = status;
      const count = DATA_BYTES[(status >> 4) - 8]!;
      need(count);
      const first = bytes[at]!;
      let second = count === 2 ? bytes[at + 1]! : 0;
      if (first > 127)
        throw ScoreError.unreadable(`The MIDI file has status ${first} where data should be, at byte ${at}.`);
      if (second > 127) {
        warnings?.add('midi-damaged', () => `The value ${second} at byte ${at + 1} is over 127; 127 is used.`);
        second = 127;
      }
      at += count;
      visitor.channelMessage(tick, status, first, second, offset);
    } else if (status === 0xff) {
      need(1);
      const type = bytes[at++]!;
      const length = variableLength();
      if (type === END_OF_TRACK) {
        if (track.cut)
          warnings?.add(
            'midi-damaged',
            `Track ${track.index + 1} claims more bytes than the file has, but is complete.`,
          );
        if (bytes.subarray(at, end).some((byte) => byte !== 0))
          warnings?.add(
            'midi-damaged',
            `Track ${track.index + 1} goes on after its end: what stands there, from byte ${at} on, is not played.`,
          );
        return tick;
      }
      need(length);
      visitor.meta(tick, type, at, at + length, offset);
      at += length;
    } else if (status === 0xf0 || status === 0xf7) {
      const length = variableLength();
      need(length);
      const data = bytes.subarray(at, at + length);
      at += length;
      // F7 goes on with a message begun earlier, or is an escape that may hold a whole message.
      if (status === 0xf0) pending = [data];
      else if (pending !== null) pending = pending.length < MOST_PIECES ? [...pending, data] : null;
      else if (data[0] === 0xf0) pending = [data.subarray(1)];
      if (pending !== null && data.at(-1) === 0xf7) {
        const whole = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
        visitor.exclusive(tick, whole.subarray(0, -1), offset);
        pending = null;
      }
    } else {
      warnings?.add(
        'midi-damaged',
        `The system message ${status} at byte ${offset} does not belong in a file and is skipped.`,
      );
      const count = SYSTEM_DATA_BYTES[status - 0xf0] ?? 0;
      need(count);
      at += count;
    }
  }
  if (track.cut)
    throw ScoreError.unreadable(
      `Track ${track.index + 1} of the MIDI file is cut off at byte ${end}: its end is missing. The file is incomplete: send it again whole.`,
    );
  warnings?.add('midi-damaged', `Track ${track.index + 1} has no end-of-track event; it ends with its last event.`);
  return tick;
}
