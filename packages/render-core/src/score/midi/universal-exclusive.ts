import { type Addressed, forAll } from './change.js';
import { decodeTuningStandard } from './tuning-standard.js';

const NON_REAL_TIME = 0x7e;

const RESETS = [null, 'gm', 'gm-off', 'gm2'] as const;

/** Universal messages (MIDI 1.0, table VIIa): General MIDI on and off, device control, MIDI Tuning Standard. Data starts with 7E or 7F. */
export function decodeUniversal(data: Uint8Array): Addressed[] {
  const [kind, , subject, action = 0] = data;
  if (subject === 0x08) return decodeTuningStandard(action, data.subarray(4));
  if (kind === NON_REAL_TIME) {
    const system = subject === 0x09 ? RESETS[action] : null;
    return system ? [forAll({ type: 'reset', system })] : [];
  }
  if (subject !== 0x04 || data.length < 6) return [];
  const value = (data[5]! << 7) | data[4]!;
  switch (action) {
    case 0x01:
      return [forAll({ type: 'masterVolume', value: value / 16_383 })];
    case 0x03:
      return [forAll({ type: 'fineTuning', cents: ((value - 8192) * 100) / 8192 })];
    case 0x04:
      return [forAll({ type: 'coarseTuning', cents: (data[5]! - 64) * 100 })];
    case 0x05:
      return decodeGlobalParameter(data);
    default:
      return [];
  }
}

/** General MIDI 2 reverb and chorus type (CA-024): slot path 01 01 or 01 02, parameter 0. */
function decodeGlobalParameter(data: Uint8Array): Addressed[] {
  const [slots, idWidth, valueWidth, slotHigh, slotLow, id, value] = data.subarray(4);
  if (slots !== 1 || idWidth !== 1 || valueWidth !== 1 || slotHigh !== 1 || id !== 0 || value === undefined) return [];
  if (slotLow === 1) return [forAll({ type: 'reverbType', value })];
  if (slotLow === 2) return [forAll({ type: 'chorusType', value })];
  return [];
}
