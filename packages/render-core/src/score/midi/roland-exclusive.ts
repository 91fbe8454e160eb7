import { type Addressed, drumParameter, forAll, forChannel, parameter } from './change.js';

const GS_MODEL = 0x42;
const DATA_SET = 0x12;

/** Part parameters (GS address 40 1p xx) that a controller has too. */
const CONTROLLERS: Readonly<Record<number, number>> = { 0: 0, 25: 7, 28: 10, 33: 93, 34: 91 };

/** Tone modify parameters (40 1p 30-37) and the unregistered parameters that they equal. */
const TONE_PARAMETERS: readonly number[] = [0x08, 0x09, 0x20, 0x21, 0x63, 0x64, 0x66, 0x0a];

/** Drum setup parameters (41 mi rr, map m, item i, key rr) and the unregistered parameters that they equal. */
const DRUM_PARAMETERS: Readonly<Record<number, number>> = { 1: 0x18, 2: 0x1a, 4: 0x1c, 5: 0x1d, 6: 0x1e };

/** Roland GS data set: 41, device, 42, 12, three bytes of address, data, checksum. Consecutive addresses may share a message. */
export function decodeRoland(data: Uint8Array): Addressed[] {
  if (data[2] !== GS_MODEL || data[3] !== DATA_SET || data.length < 9) return [];
  const address = (data[4]! << 14) | (data[5]! << 7) | data[6]!;
  const values = data.subarray(7, -1);
  if (address === at(0x40, 0x00, 0x00))
    return values.length < 4 ? [] : [forAll({ type: 'fineTuning', cents: tuneCents(values) })];
  const changes: Addressed[] = [];
  for (const [index, value] of values.entries()) changes.push(...decodeByte(address + index, value));
  return changes;
}

function at(high: number, middle: number, low: number): number {
  return (high << 14) | (middle << 7) | low;
}

/** Four nibbles, 0400 in the middle, a tenth of a cent each: Roland's and Yamaha's master tune. */
export function tuneCents(nibbles: Uint8Array): number {
  return ((nibbles[0]! << 12) | (nibbles[1]! << 8) | (nibbles[2]! << 4) | nibbles[3]!) / 10 - 102.4;
}

function decodeByte(address: number, value: number): Addressed[] {
  switch (address) {
    case at(0x00, 0x00, 0x7f):
    case at(0x40, 0x00, 0x7f):
      return value === 0x7f ? [] : [forAll({ type: 'reset', system: 'gs' })];
    case at(0x40, 0x00, 0x04):
      return [forAll({ type: 'masterVolume', value: value / 127 })];
    case at(0x40, 0x00, 0x05):
      return [forAll({ type: 'coarseTuning', cents: (value - 64) * 100 })];
    case at(0x40, 0x01, 0x30):
      return [forAll({ type: 'reverbType', value })];
    case at(0x40, 0x01, 0x38):
      return [forAll({ type: 'chorusType', value })];
  }
  const block = (address >> 7) & 0x7f;
  if (address >> 14 === 0x41) return decodeDrum(block, address & 0x7f, value);
  if (address >> 14 !== 0x40) return [];
  if (block >> 4 === 1) return decodePart(channelOfBlock(block & 15), address & 0x7f, value);
  // Pitch bend range of the part, semitones above 40h.
  if (block >> 4 === 2 && (address & 0x7f) === 0x10)
    return parameter(channelOfBlock(block & 15), true, 0, 0, Math.max(0, value - 0x40));
  return [];
}

function decodeDrum(block: number, key: number, value: number): Addressed[] {
  const parameter = DRUM_PARAMETERS[block & 15];
  if (parameter === undefined) return [];
  // The pitch is a key to play instead, and drums are recorded at 60.
  const data = parameter === 0x18 ? Math.min(127, value + 4) : value;
  return drumParameter((block >> 4) + 1, key, parameter, data);
}

/** Parts 1-9 and 11-16 are blocks 1-F in order; part 10 is block 0. */
function channelOfBlock(block: number): number {
  if (block === 0) return 10;
  return block < 10 ? block : block + 1;
}

function decodePart(channel: number, item: number, value: number): Addressed[] {
  const controller = CONTROLLERS[item];
  // A pan of 0 means random.
  if (controller !== undefined)
    return item === 0x1c && value === 0 ? [] : [forChannel(channel, { type: 'controller', controller, value })];
  if (item === 0x01) return [forChannel(channel, { type: 'program', program: value })];
  if (item === 0x15) return [forChannel(channel, { type: 'percussion', on: value !== 0, map: value })];
  if (item === 0x16) return parameter(channel, true, 0, 2, value);
  if (item >= 0x30 && item <= 0x37) return parameter(channel, false, 1, TONE_PARAMETERS[item - 0x30]!, value);
  if (item >= 0x40 && item <= 0x4b)
    return [forChannel(channel, { type: 'scaleTuning', steps: [[item - 0x40, value - 64]] })];
  return [];
}
