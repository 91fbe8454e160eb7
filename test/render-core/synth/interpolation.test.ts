import { describe, expect, test } from '@jest/globals';
import { loadSoundFont, type Quality } from '@musistrata/render-core';
import { COEFFICIENT_BYTES, fillCoefficients } from '@musistrata/render-core/synth/interpolation-tables.js';
import { decibels, strongestElse } from '../instruments/measure.js';
import { simpleFont, sineSample } from './make-font.js';
import { ChannelScript, midiScript } from './oracles/midi-script.js';
import { fluidSynthIsInstalled, renderWithFluidSynth } from './oracles/native-fluidsynth.js';
import { renderMidi } from './oracles/render-midi.js';

const SCRIPT = (key: number) => midiScript(new ChannelScript(1).note(10, key, 1400, 127).messages, 1500);

/** The strongest component of a shifted sine that does not belong to it, in dB re the sine. */
function alias(sound: { left: Float32Array }, hertz: number): number {
  return strongestElse(sound.left.subarray(8192, 8192 + 32768), [hertz], 44100);
}

/** The same of Debian's FluidSynth 2.3.1, as it was measured, for machines without it. */
const FLUIDSYNTH = new Map([
  ['441 76', -89],
  ['2205 62', -70.3],
  ['2205 76', -71.1],
  ['4410 62', -50.9],
  ['4410 76', -50.4],
  ['8820 76', -30.2],
]);

describe('what interpolation adds to a sine, against the native FluidSynth’s 4th order', () => {
  test.each([
    [441, 76],
    [2205, 62],
    [2205, 76],
    [4410, 62],
    [4410, 76],
    [8820, 76],
  ])('a sine of %d Hz at key 69, played at key %d', async (hertz, key) => {
    const file = simpleFont(sineSample(hertz), [[54, 1]]);
    const font = await loadSoundFont(file);
    const heard = hertz * 2 ** ((key - 69) / 12);
    const at = async (quality: Quality) => alias(await renderMidi(font, SCRIPT(key), 1.5, quality), heard);
    const [draft, standard, high] = [await at('draft'), await at('standard'), await at('high')];
    const theirs = fluidSynthIsInstalled()
      ? alias(renderWithFluidSynth(file, SCRIPT(key)), heard)
      : FLUIDSYNTH.get(`${hertz} ${key}`)!;
    if (process.env.SHOW_FIGURES !== undefined) console.log(hertz, key, draft, standard, high, theirs);
    expect(standard).toBeLessThan(theirs + 1);
    expect(standard).toBeLessThan(draft);
    expect(high).toBeLessThan(standard + 1);
  });

  /** Frequency of the sample, and the most that 8 points may add at any of three pitches. */
  const HIGH = [
    [441, -92],
    [1000, -92],
    [2205, -80],
    [4410, -79],
    [5000, -77.5],
    [8820, -73],
    [10000, -63],
    [15000, -31],
  ] as const;

  test.each(HIGH)('8 points add less than 4 to %d Hz, and at most %d dB', async (hertz, most) => {
    // A loop of one second has whole periods of all of them.
    const font = await loadSoundFont(simpleFont({ ...sineSample(hertz, 1.2), loop: [100, 44200] }, [[54, 1]]));
    for (const key of [62, 70, 74]) {
      const heard = hertz * 2 ** ((key - 69) / 12);
      const at = async (quality: Quality) => alias(await renderMidi(font, SCRIPT(key), 1.5, quality), heard);
      const [standard, high] = [await at('standard'), await at('high')];
      if (process.env.SHOW_FIGURES !== undefined) console.log(hertz, key, standard, high);
      expect(high).toBeLessThan(most);
      expect(high).toBeLessThan(standard + 1);
    }
  });
});

describe('interpolation tables', () => {
  const PHASES = 1024;
  const all = new Int16Array(COEFFICIENT_BYTES / 2);
  fillCoefficients(all);
  const cubic = all.subarray(2 * PHASES, 6 * PHASES);
  const quintic = all.subarray(6 * PHASES);
  const rowOf = (table: Int16Array, points: number, phase: number) =>
    Array.from(table.subarray(phase * points, (phase + 1) * points));

  test('the coefficients of a fraction add up to the same whole, exactly, and are those of its mirror image', () => {
    for (const [table, points] of [
      [cubic, 4],
      [quintic, 8],
    ] as const) {
      const whole = rowOf(table, points, 0).reduce((sum, value) => sum + value, 0);
      const sums = new Set<number>();
      let difference = 0;
      for (let phase = 1; phase < PHASES; phase++) {
        const row = rowOf(table, points, phase);
        const mirrored = rowOf(table, points, PHASES - phase).reverse();
        sums.add(row.reduce((sum, value) => sum + value, 0));
        difference = Math.max(difference, ...row.map((value, point) => Math.abs(value - mirrored[point]!)));
      }
      expect([...sums]).toEqual([whole]);
      expect(difference).toBeLessThanOrEqual(2);
    }
  });

  /** Mean power, in dB, of what interpolation at every fraction adds to a sine of `frequency` of the sample rate. */
  function added(table: Int16Array, points: number, frequency: number): number {
    const [real, imaginary, gain] = [new Float64Array(PHASES), new Float64Array(PHASES), [0, 0]];
    for (let phase = 0; phase < PHASES; phase++) {
      const row = rowOf(table, points, phase);
      row.forEach((value, point) => {
        const angle = 2 * Math.PI * frequency * (point - (points / 2 - 1) - phase / PHASES);
        real[phase]! += value * Math.cos(angle);
        imaginary[phase]! += value * Math.sin(angle);
      });
      gain[0]! += real[phase]! / PHASES;
      gain[1]! += imaginary[phase]! / PHASES;
    }
    const power = real.reduce((sum, value, i) => sum + (value - gain[0]!) ** 2 + (imaginary[i]! - gain[1]!) ** 2, 0);
    return decibels(Math.sqrt(power / PHASES) / Math.hypot(gain[0]!, gain[1]!));
  }

  test('8 points add less than 4 to every frequency from 0.03 to 0.45 of the sample rate, and no more below', () => {
    for (let frequency = 0.01; frequency < 0.45; frequency += 0.01) {
      const [four, eight] = [added(cubic, 4, frequency), added(quintic, 8, frequency)];
      // Further below, rounding to 16 bits is what is left of both.
      expect(eight).toBeLessThan(frequency < 0.0299 ? -86 : four);
    }
  });
});
