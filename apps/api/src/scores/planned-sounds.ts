import {
  type Catalogue,
  InstrumentError,
  type Performance,
  type RenderOptions,
  type Warning,
} from '@musistrata/render-core';
import type { Fault } from '../problems/problem.js';

/** What a part is going to be played with. */
export interface PlannedSound {
  readonly kind: 'soundfont' | 'samples' | 'formula' | 'layers';
  /** Of the instrument, or of the sound font. */
  readonly name: string;
  /** Of the sound font, when the part keeps to one. */
  readonly preset: { readonly bank: number; readonly program: number; readonly percussion: boolean } | null;
}

const unknownCodes = ['unknown-instrument', 'unknown-sound-font', 'unknown-part', 'part-set-twice'] as const;
type UnknownCode = (typeof unknownCodes)[number];

export type PlannedSounds =
  | {
      readonly ok: true;
      readonly sounds: readonly (PlannedSound | null)[];
      readonly identity: string;
      readonly warnings: readonly Warning[];
    }
  | { readonly ok: false; readonly code: UnknownCode; readonly faults: readonly Fault[] };

/**
 * Finds an instrument for every part.
 * @param place puts a fault at a pointer into the score or the options at its place in the request
 */
export async function planSounds(
  catalogue: Catalogue,
  performance: Performance,
  options: RenderOptions,
  place: (pointer: string, message: string) => Fault,
): Promise<PlannedSounds> {
  try {
    const plan = catalogue.plan(performance, options);
    const sounds = plan.parts.map(({ reference, font }): PlannedSound | null => {
      if (reference === null) return null;
      if (reference.type === 'preset')
        return { kind: 'soundfont', name: reference.soundFont ?? font?.name ?? '', preset: reference.preset };
      const name = 'definition' in reference ? reference.definition.name : reference.name;
      return { kind: reference.type === 'sfz' ? 'samples' : reference.type, name, preset: null };
    });
    return { ok: true, sounds, identity: await catalogue.identity(performance, options), warnings: plan.warnings };
  } catch (error) {
    if (!(error instanceof InstrumentError)) throw error;
    // An instrument that turns out to be damaged is none that can be played.
    const code = unknownCodes.find((known) => known === error.code) ?? 'unknown-instrument';
    const faults = error.errors.map(({ pointer, message }) => place(pointer, message));
    return { ok: false, code, faults };
  }
}
