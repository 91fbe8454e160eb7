import type { MidiSystem } from '../channel.js';
import type { BankData, PresetData } from './bank-data.js';

/** A preset for what was asked, and whether it is exactly that. */
export interface PresetChoice {
  readonly preset: PresetData | null;
  readonly exact: boolean;
}

/**
 * Finds the preset that controllers 0 and 32 and a program change select. General MIDI ignores banks; GS takes controller 0
 * as the variation; XG takes 32, and 0 for drums (127, 126) and effects (64); General MIDI 2 has melodies in 121, kits in 120.
 * What the font lacks falls back to the same program in bank 0, then to the font's first preset; kits to the standard kit.
 */
export function choosePreset(
  bank: BankData,
  system: MidiSystem,
  bankHigh: number,
  bankLow: number,
  program: number,
  percussion: boolean,
): PresetChoice {
  const kit = percussion || isKitBank(system, bankHigh);
  if (kit) {
    const exact = find(bank, (preset) => preset.percussion && preset.program === program);
    if (exact !== null) return { preset: exact, exact: true };
    // GS and XG number their kits in groups of eight.
    const related = find(bank, (preset) => preset.percussion && preset.program === (program & 0x78));
    const standard = find(bank, (preset) => preset.percussion && preset.program === 0);
    return { preset: related ?? standard ?? find(bank, (preset) => preset.percussion), exact: false };
  }
  const [high, low] = melodicBank(system, bankHigh, bankLow);
  const exact =
    find(bank, (p) => !p.percussion && p.program === program && p.bank === high && p.bankLow === low) ??
    // Fonts that know one bank number only have the variation there.
    find(bank, (p) => !p.percussion && p.program === program && p.bank === (high || low) && p.bankLow === 0);
  if (exact !== null) return { preset: exact, exact: true };
  const plain = find(bank, (p) => !p.percussion && p.program === program && p.bank === 0);
  const sameProgram = plain ?? find(bank, (p) => !p.percussion && p.program === program);
  const first = find(bank, (p) => !p.percussion) ?? bank.presets[0] ?? null;
  return { preset: sameProgram ?? first, exact: false };
}

function isKitBank(system: MidiSystem, high: number): boolean {
  return (system === 'xg' && (high === 127 || high === 126)) || (system === 'gm2' && high === 120);
}

function melodicBank(system: MidiSystem, high: number, low: number): [high: number, low: number] {
  switch (system) {
    case 'gm':
      return [0, 0];
    case 'gs':
      return [high, 0];
    case 'gm2':
      return high === 121 ? [0, low] : [high, low];
    case 'xg':
      return high === 0 ? [0, low] : [high, 0];
  }
}

function find(bank: BankData, matches: (preset: PresetData) => boolean): PresetData | null {
  return bank.presets.find(matches) ?? null;
}
