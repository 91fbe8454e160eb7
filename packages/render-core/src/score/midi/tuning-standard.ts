import { type Addressed, forAll } from './change.js';

const NAME_LENGTH = 16;
const KEYS = 128;

/**
 * MIDI Tuning Standard (CA-020, CA-021): bulk dumps, single note changes and scale/octave tunings.
 * @param action the second sub-ID
 * @param data what follows it
 */
export function decodeTuningStandard(action: number, data: Uint8Array): Addressed[] {
  const withBank = action >= 0x04;
  const program = withBank ? ((data[0] ?? 0) << 7) | (data[1] ?? 0) : (data[0] ?? 0);
  const body = data.subarray(withBank ? 2 : 1);
  switch (action) {
    case 0x01:
    case 0x04:
      return keyTuning(program, dumpedKeys(body.subarray(NAME_LENGTH)));
    case 0x02:
    case 0x07:
      return keyTuning(program, changedKeys(body));
    case 0x05:
      return keyTuning(program, everyOctave(body.subarray(NAME_LENGTH, NAME_LENGTH + 12), oneByteCents));
    case 0x06:
      return keyTuning(program, everyOctave(body.subarray(NAME_LENGTH, NAME_LENGTH + 24), twoByteCents));
    case 0x08:
      return scaleTuning(data, oneByteCents);
    case 0x09:
      return scaleTuning(data, twoByteCents);
    default:
      return [];
  }
}

type Keys = [key: number, cents: number][];

function keyTuning(program: number, keys: Keys): Addressed[] {
  return keys.length === 0 ? [] : [forAll({ type: 'keyTuning', program, keys })];
}

/** Three bytes for every key. */
function dumpedKeys(data: Uint8Array): Keys {
  const keys: Keys = [];
  for (let key = 0; key < KEYS && 3 * key + 2 < data.length; key++) addKey(keys, key, data, 3 * key);
  return keys;
}

/** A count, then four bytes for every change: key and frequency. */
function changedKeys(data: Uint8Array): Keys {
  const keys: Keys = [];
  const count = data[0] ?? 0;
  for (let index = 0, at = 1; index < count && at + 3 < data.length; index++, at += 4)
    addKey(keys, data[at]!, data, at + 1);
  return keys;
}

/** Frequency data: a semitone and a 14-bit fraction of the next; 7F 7F 7F leaves the key as it is. */
function addKey(keys: Keys, key: number, data: Uint8Array, at: number): void {
  const [semitone, high, low] = [data[at]!, data[at + 1]!, data[at + 2]!];
  if (semitone === 127 && high === 127 && low === 127) return;
  keys.push([key, 100 * (semitone + ((high << 7) | low) / 16_384 - key)]);
}

type Cents = (data: Uint8Array, step: number) => number;

const oneByteCents: Cents = (data, step) => (data[step] ?? 64) - 64;
const twoByteCents: Cents = (data, step) =>
  ((((data[2 * step] ?? 64) << 7) | (data[2 * step + 1] ?? 0)) - 8192) / 81.92;

function everyOctave(data: Uint8Array, cents: Cents): Keys {
  return Array.from({ length: KEYS }, (_, key) => [key, cents(data, key % 12)]);
}

/** Three bytes of channel bits (channels 15-16, 8-14, 1-7), then the twelve steps from C. */
function scaleTuning(data: Uint8Array, cents: Cents): Addressed[] {
  if (data.length < 3) return [];
  const mask = ((data[0]! & 3) << 14) | (data[1]! << 7) | data[2]!;
  const channels = Array.from({ length: 16 }, (_, index) => index + 1).filter((channel) => (mask >> (channel - 1)) & 1);
  const steps = Array.from({ length: 12 }, (_, step) => [step, cents(data.subarray(3), step)] as const);
  return [{ channels, change: { type: 'scaleTuning', steps } }];
}
