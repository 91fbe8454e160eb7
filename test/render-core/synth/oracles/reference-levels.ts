import { bandLevels } from './band-levels.js';
import type { StereoSound } from './stereo-sound.js';

/**
 * What the native FluidSynth makes of the workout, for machines without it. Written by
 * `node test/dist/render-core/synth/oracles/write-reference.js` on a machine that has it.
 */
export const referenceFile = new URL('../../../../render-core/synth/oracles/fluidsynth-levels.json', import.meta.url);

/** Levels of ten wider bands in steps of 93 ms, in whole tenths of a dB, at least -120 dB: small enough to be kept. */
export function reducedLevels(sound: StereoSound): number[][] {
  const rows = bandLevels(sound, 44100);
  const reduced: number[][] = [];
  for (let at = 0; at + 4 <= rows.length; at += 4) {
    reduced.push(
      Array.from({ length: 10 }, (_, band) => {
        let energy = 1e-12;
        for (let i = 0; i < 4; i++) for (let j = 0; j < 3; j++) energy += 10 ** (rows[at + i]![band * 3 + j]! / 10) / 4;
        return Math.round(100 * Math.log10(energy)) / 10;
      }),
    );
  }
  return reduced;
}
