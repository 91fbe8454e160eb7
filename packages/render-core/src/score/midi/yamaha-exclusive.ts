import { type Addressed, drumParameter, forAll, forChannel, parameter } from './change.js';
import { tuneCents } from './roland-exclusive.js';

const XG_MODEL = 0x4c;

/** Multi part parameters (XG address 08 nn xx) that a controller has too. */
const CONTROLLERS: Readonly<Record<number, number>> = { 1: 0, 2: 32, 11: 7, 14: 10, 18: 93, 19: 91 };

/** Multi part parameters and the unregistered parameters that they equal: vibrato, filter, envelope. */
const TONE_PARAMETERS: Readonly<Record<number, number>> = {
  21: 0x08,
  22: 0x09,
  23: 0x0a,
  24: 0x20,
  25: 0x21,
  26: 0x63,
  27: 0x64,
  28: 0x66,
};

/** Drum setup parameters (3n rr xx, setup n, key rr) and the unregistered parameters that they equal. */
const DRUM_PARAMETERS: Readonly<Record<number, number>> = {
  0: 0x18,
  1: 0x19,
  2: 0x1a,
  4: 0x1c,
  5: 0x1d,
  6: 0x1e,
  11: 0x14,
  12: 0x15,
  13: 0x16,
  14: 0x17,
};

/** Yamaha XG parameter change: 43, 1n, 4C, three bytes of address, data. Consecutive addresses may share a message. */
export function decodeYamaha(data: Uint8Array): Addressed[] {
  if ((data[1]! & 0xf0) !== 0x10 || data[2] !== XG_MODEL || data.length < 7) return [];
  const [high, middle, low] = [data[3]!, data[4]!, data[5]!];
  const values = data.subarray(6);
  if (high === 0 && middle === 0 && low === 0)
    return values.length < 4 ? [] : [forAll({ type: 'fineTuning', cents: tuneCents(values) })];
  if (high === 2 && middle === 1 && (low === 0x00 || low === 0x20))
    return [forAll({ type: low === 0 ? 'reverbType' : 'chorusType', value: (values[0]! << 7) | (values[1] ?? 0) })];
  const changes: Addressed[] = [];
  for (const [index, value] of values.entries()) {
    if (high === 0 && middle === 0) changes.push(...decodeSystem(low + index, value));
    else if (high === 8 && middle < 16) changes.push(...decodePart(middle + 1, low + index, value));
    else if (high >> 4 === 3) changes.push(...decodeDrum((high & 15) + 1, middle, low + index, value));
  }
  return changes;
}

function decodeSystem(item: number, value: number): Addressed[] {
  if (item === 0x04) return [forAll({ type: 'masterVolume', value: value / 127 })];
  if (item === 0x06) return [forAll({ type: 'coarseTuning', cents: (value - 64) * 100 })];
  if (item === 0x7e || item === 0x7f) return [forAll({ type: 'reset', system: 'xg' })];
  return [];
}

function decodeDrum(setup: number, key: number, item: number, value: number): Addressed[] {
  const parameter = DRUM_PARAMETERS[item];
  return parameter === undefined ? [] : drumParameter(setup, key, parameter, value);
}

function decodePart(channel: number, item: number, value: number): Addressed[] {
  const controller = CONTROLLERS[item];
  // A pan of 0 means random.
  if (controller !== undefined)
    return item === 0x0e && value === 0 ? [] : [forChannel(channel, { type: 'controller', controller, value })];
  const tone = TONE_PARAMETERS[item];
  if (tone !== undefined) return parameter(channel, false, 1, tone, value);
  if (item === 0x03) return [forChannel(channel, { type: 'program', program: value })];
  // Part modes: 0 melodic, 1 a kit as it is, 2 and more a drum setup.
  if (item === 0x07) return [forChannel(channel, { type: 'percussion', on: value !== 0, map: Math.max(0, value - 1) })];
  if (item === 0x08) return parameter(channel, true, 0, 2, value);
  // Pitch bend range, semitones above 40h.
  if (item === 0x23) return parameter(channel, true, 0, 0, Math.max(0, value - 0x40));
  if (item >= 0x41 && item <= 0x4c)
    return [forChannel(channel, { type: 'scaleTuning', steps: [[item - 0x41, value - 64]] })];
  return [];
}
