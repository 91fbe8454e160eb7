import { describe, expect, test } from '@jest/globals';
import { loadSoundFont, type Quality } from '@musistrata/render-core';
import { strongestElse } from '../instruments/measure.js';
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
    expect(high).toBeLessThan(-60);
  });
});
