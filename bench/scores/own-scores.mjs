// Scores of the benchmarks' own, written as MIDI files.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

function variable(value) {
  const bytes = [value & 127];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift(128 | (rest & 127));
  return bytes;
}

/** A one-track file in `folder` of 120 beats a minute from [tick (480 a beat), ...message] events; long enough for `ticks`. */
export function midiFile(folder, name, events, ticks) {
  const data = [0, 0xff, 0x51, 3, 7, 0xa1, 0x20];
  let last = 0;
  for (const [tick, ...message] of events.sort((a, b) => a[0] - b[0])) {
    data.push(...variable(tick - last), ...message);
    last = tick;
  }
  data.push(...variable(Math.max(0, ticks - last)), 0xff, 0x2f, 0);
  const head = Buffer.from('MThd\0\0\0\x06\0\0\0\x01\x01\xe0MTrk', 'latin1');
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([head, size, Buffer.from(data)]));
  return path;
}

/** Band music whose bars repeat, and slow chords of many voices that never do. */
export function ownScores(folder) {
  const band = [];
  const pads = [];
  const note = (list, tick, channel, key, velocity, length) => {
    list.push([tick, 0x90 | channel, key, velocity], [tick + length, 0x80 | channel, key, 0]);
  };
  for (const [channel, program] of [33, 27, 4, 48, 61].entries()) {
    band.push([0, 0xc0 | channel, program]);
    pads.push([0, 0xc0 | channel, [48, 50, 89, 91, 95][channel]]);
  }
  for (let eighth = 0; eighth < 240; eighth++) {
    const tick = eighth * 240;
    const root = [36, 41, 43, 36][(eighth >> 3) & 3];
    note(band, tick, 0, root, 100, 200);
    note(band, tick, 1, root + 24 + [0, 7, 12, 7][eighth & 3], 80, 200);
    if (eighth % 4 === 0) for (const step of [0, 4, 7]) note(band, tick, 2, root + 24 + step, 70, 800);
    if (eighth % 8 === 0) for (const step of [0, 4, 7, 12]) note(band, tick, 3, root + 24 + step, 60, 1900);
    note(band, tick, 9, 42, 70, 100);
    if (eighth % 4 === 0) note(band, tick, 9, 36, 110, 100);
    if (eighth % 4 === 2) note(band, tick, 9, 38, 100, 100);
    if (eighth % 2 === 0) {
      for (let channel = 0; channel < 5; channel++) {
        note(
          pads,
          tick + channel * 37,
          channel,
          36 + ((eighth * 7 + channel * 11) % 48),
          60 + ((eighth * 13) % 60),
          2400 + eighth * 3,
        );
      }
    }
  }
  return [midiFile(folder, 'repeating-band.mid', band, 57600), midiFile(folder, 'dense-pads.mid', pads, 57600)];
}
