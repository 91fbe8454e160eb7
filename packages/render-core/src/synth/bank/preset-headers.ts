import type { PresetData } from './bank-data.js';
import type { Hydra, PresetHeader } from './hydra.js';
import { SoundFontError } from './sound-font-error.js';

/** Presets without zones are ignored (SF2.04 7.2). @throws SoundFontError when none is left */
export function playablePresets(hydra: Hydra): readonly PresetHeader[] {
  const presets = hydra.presets.filter(({ firstZone, endZone }) => endZone > firstZone);
  if (presets.length === 0) throw new SoundFontError('soundfont-empty', 'the bank has no presets with zones');
  return presets;
}

/** What selects a preset. Bank 128 is that of General MIDI's percussion (SF2.04 7.2); fonts for XG have controller 32 in the upper byte. */
export function presetNumbers({ bank, program }: PresetHeader): Omit<PresetData, 'name' | 'global' | 'zones'> {
  const percussion = (bank & 0x80) !== 0;
  return { bank: percussion ? 0 : bank & 0x7f, bankLow: bank >> 8, program, percussion };
}
