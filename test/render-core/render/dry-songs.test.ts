import { describe, expect, test } from '@jest/globals';
import { FormulaSource, formulaDefinitionSchema, loadSoundFont, type SoundSource } from '@musistrata/render-core';
import { peak } from '../instruments/measure.js';
import { controller, note, part, record } from '../instruments/rig.js';
import { constantSample, simpleFont } from '../synth/make-font.js';

const SOURCES: readonly (readonly [string, () => SoundSource | Promise<SoundSource>])[] = [
  ['a sound font', () => loadSoundFont(simpleFont(constantSample(), [[54, 1]]))],
  [
    'a formula',
    () =>
      new FormulaSource(
        formulaDefinitionSchema.parse({ type: 'formula', name: 'x', terms: [{ expression: 'sine(frequency)' }] }),
      ),
  ],
];

describe.each(SOURCES)('%s', (_, open) => {
  const sends = async (velocityCurve: 'linear' | 'source', reverb: number | null) => {
    const events = [...(reverb === null ? [] : [controller(0, 91, reverb)]), note({ key: 60 })];
    const sound = record(await open(), part(events, { velocityCurve }), { seconds: 0.5 });
    const dry = Math.hypot(peak(sound.left), peak(sound.right));
    return { reverb: peak(sound.reverb) / dry, chorus: peak(sound.chorus) };
  };

  test('plays MusiStrata songs dry', async () => {
    expect(await sends('linear', null)).toEqual({ reverb: 0, chorus: 0 });
  });

  test("sends General MIDI's 40 of 127 to the reverb in everything else, and what the score says", async () => {
    expect((await sends('source', null)).reverb).toBeCloseTo((0.2 * 40) / 127, 3);
    expect((await sends('source', 0)).reverb).toBe(0);
    expect((await sends('linear', 127)).reverb).toBeCloseTo(0.2, 3);
  });
});
