/** Warnings that come from finding instruments; docs/instruments.md explains them. */
export const INSTRUMENT_WARNING_CODES = [
  'bank-substituted',
  'drum-kit-substituted',
  'instrument-substituted',
  'instrument-unnamed',
  'part-skipped',
  'preset-substituted',
  'sfz-opcode-ignored',
  'sound-font-substituted',
] as const;

export type InstrumentWarningCode = (typeof INSTRUMENT_WARNING_CODES)[number];
