import { randomNumbers } from './random.js';
import { at, end, meta, smf, tempo } from './smf.js';

/** A file of several tracks with tempo changes, running status, overlapping keys, controllers, bends and programs. */
export function randomSmf(seed: number): Uint8Array {
  const random = randomNumbers(seed);
  const division = [24, 96, 120, 384, 480, 960][random.below(6)]!;
  const tracks: number[][] = [];
  const conductor: number[] = meta(0, 3, `Song ${seed}`);
  for (let count = random.below(20); count > 0; count--)
    conductor.push(...tempo(random.below(4 * division), 200_000 + random.below(800_000)));
  conductor.push(...meta(0, 0x58, [1 + random.below(7), 1 + random.below(3), 24, 8]), ...end());
  tracks.push(conductor);
  for (let count = 1 + random.below(5); count > 0; count--) tracks.push(randomTrack(random, division));
  return smf(1, division, tracks);
}

function randomTrack(random: ReturnType<typeof randomNumbers>, division: number): number[] {
  const track: number[] = [...meta(0, 3, `Track ${random.below(100)}`)];
  const channel = random.below(16);
  let running = 0;
  const put = (status: number, ...data: number[]) => {
    const delta = random.below(3) === 0 ? 0 : random.below(division);
    track.push(...(status === running && random.below(2) === 0 ? at(delta, ...data) : at(delta, status, ...data)));
    running = status;
  };
  const held: number[] = [];
  for (let count = 20 + random.below(100); count > 0; count--) {
    const kind = random.below(10);
    if (kind < 4) {
      const key = 40 + random.below(20);
      held.push(key);
      put(0x90 | channel, key, 1 + random.below(127));
    } else if (kind < 7 && held.length > 0) {
      const [key] = held.splice(random.below(held.length), 1);
      if (random.below(2) === 0) put(0x90 | channel, key!, 0);
      else put(0x80 | channel, key!, random.below(128));
    } else if (kind === 7) put(0xb0 | channel, [1, 7, 10, 11, 64, 91, 93][random.below(7)]!, random.below(128));
    else if (kind === 8) put(0xe0 | channel, random.below(128), random.below(128));
    else put(0xc0 | channel, random.below(128));
  }
  for (const key of held) put(0x80 | channel, key, 0);
  return [...track, ...end(random.below(division))];
}
