import type { SystemMessage } from '../performance.js';

const RESETS = {
  gm: [0x7e, 0x7f, 0x09, 0x01],
  'gm-off': [0x7e, 0x7f, 0x09, 0x02],
  gm2: [0x7e, 0x7f, 0x09, 0x03],
  gs: rolandDataSet(0x40, 0x00, 0x7f, 0x00),
  xg: [0x43, 0x10, 0x4c, 0x00, 0x00, 0x7e, 0x00],
} as const;

/** Switches a synthesizer to General MIDI. */
export const GENERAL_MIDI_ON: readonly number[] = RESETS.gm;

/** Keys that fit into one single note tuning message. */
const KEYS_PER_MESSAGE = 64;

/**
 * The system exclusive messages (without F0 and F7) that say the same as a message of the event model. A tuning fills the given tuning program,
 * which the channel then has to select.
 */
export function exclusiveMessages(
  message: SystemMessage,
  channel: number,
  tuningProgram: number,
): (readonly number[])[] {
  switch (message.type) {
    case 'reset':
      return [RESETS[message.system]];
    case 'masterVolume':
      return [[0x7f, 0x7f, 0x04, 0x01, ...lowHigh(message.value * 16_383)]];
    case 'masterTuning': {
      const semitones = Math.round(message.cents / 100);
      const fine = lowHigh(8192 + ((message.cents - 100 * semitones) * 8192) / 100);
      return [
        [0x7f, 0x7f, 0x04, 0x03, ...fine],
        [0x7f, 0x7f, 0x04, 0x04, 0, Math.min(127, Math.max(0, 64 + semitones))],
      ];
    }
    case 'percussion':
      return [rolandDataSet(0x40, 0x10 | rolandBlock(channel), 0x15, message.on ? 1 : 0)];
    case 'tuning':
      return tuningMessages(message.cents, tuningProgram);
    case 'reverbType':
    case 'chorusType':
      return [effectType(message.type === 'reverbType', message.value)];
  }
}

function lowHigh(value: number): [number, number] {
  const whole = Math.min(16_383, Math.max(0, Math.round(value)));
  return [whole & 127, whole >> 7];
}

function rolandDataSet(...addressAndData: readonly number[]): number[] {
  const sum = addressAndData.reduce((total, byte) => total + byte, 0);
  return [0x41, 0x10, 0x42, 0x12, ...addressAndData, (128 - (sum % 128)) % 128];
}

/** Channel 10 is block 0, channels 1-9 and 11-16 are blocks 1-F. */
function rolandBlock(channel: number): number {
  if (channel === 10) return 0;
  return channel < 10 ? channel : channel - 1;
}

/** Types beyond seven bits are Yamaha's; the others are written as General MIDI 2 has them. */
function effectType(reverb: boolean, value: number): number[] {
  if (value > 127) return [0x43, 0x10, 0x4c, 0x02, 0x01, reverb ? 0x00 : 0x20, (value >> 7) & 127, value & 127];
  return [0x7f, 0x7f, 0x04, 0x05, 1, 1, 1, 1, reverb ? 1 : 2, 0, value];
}

/** Single note tuning changes for all 128 keys (CA-020). */
function tuningMessages(cents: readonly number[], program: number): number[][] {
  const messages: number[][] = [];
  for (let first = 0; first < cents.length; first += KEYS_PER_MESSAGE) {
    const keys = cents.slice(first, first + KEYS_PER_MESSAGE).flatMap((offset, index) => {
      const key = first + index;
      const units = Math.min(128 * 16_384 - 2, Math.max(0, Math.round((key + offset / 100) * 16_384)));
      return [key, units >> 14, (units >> 7) & 127, units & 127];
    });
    messages.push([0x7f, 0x7f, 0x08, 0x02, program, keys.length / 4, ...keys]);
  }
  return messages;
}
