import { describe, expect, test } from '@jest/globals';
import { catalogueFileSchema } from '@musistrata/render-core';
import { server, tone, wants } from './catalogue-rig.js';
import { seededRandom } from './measure.js';
import { scoreOf } from './rig.js';

describe('catalogue files', () => {
  const json = (...instruments: object[]) => ({ 'a.catalogue.json': JSON.stringify({ instruments }) });
  const layers = (name: string, ...instruments: (string | number)[]) => ({
    type: 'layers',
    name,
    layers: instruments.map((instrument) => ({ instrument })),
  });

  test('name presets, sample folders, formulas and layers', async () => {
    const catalogue = await server({
      ...json(
        { type: 'preset', name: 'Gong', soundFont: 'strange', program: 5 },
        { type: 'samples', name: 'Blip', folder: 'elsewhere' },
        { type: 'formula', name: 'Wobble', terms: [{ expression: 'sine(frequency, time) * exp(-time)' }] },
        layers('Everything', 'gong', 'BLIP', 'wobble', 'Violin', 12),
        layers('Twice', 'Everything', 'Everything'),
      ),
      'elsewhere/Blip_60.wav': tone,
    });
    for (const [name, kind] of [
      ['Gong', 'soundfont'],
      ['blip', 'samples'],
      ['Wobble', 'formula'],
      ['Twice', 'layers'],
    ]) {
      expect((await catalogue.resolve(scoreOf(wants(name!)))).parts[0]!.source!.kind).toBe(kind);
    }
  });

  test.each<[string, object[], RegExp]>([
    ['two of one name', [layers('My Piano', 'Violin'), layers('my-piano', 'Violin')], /"my-piano".*"My Piano"/],
    ['a General MIDI name', [layers('VIOLIN', 'Flute')], /"VIOLIN".*"Violin" \(general-midi\)/],
    ['a built-in name', [layers('test synth', 'Violin')], /"test synth".*"test_synth" \(built-in\)/],
  ])('%s collide', async (_, instruments, message) => {
    await expect(server(json(...instruments))).rejects.toMatchObject({
      code: 'instrument-collision',
      message: expect.stringMatching(message),
    });
  });

  test('a sample folder and an entry of one name collide', async () => {
    const content = { ...json(layers('Kora', 'Violin')), 'samples/Kora/Kora_60.wav': tone };
    await expect(server(content)).rejects.toMatchObject({ code: 'instrument-collision' });
  });

  test('a cycle of layers is refused by name', async () => {
    const cycle = json(layers('A', 'Violin', 'B'), layers('B', 'C'), layers('C', 'A'));
    await expect(server(cycle)).rejects.toMatchObject({
      code: 'instrument-cycle',
      message: expect.stringContaining('A -> B -> C -> A'),
    });
    await expect(server(json(layers('Self', 'self')))).rejects.toMatchObject({ code: 'instrument-cycle' });
  });

  test.each<[string, string, string]>([
    ['no JSON', '{', 'JSON'],
    ['an unknown type', '{"instruments":[{"type":"vst","name":"x"}]}', '/instruments/0'],
    [
      'an unknown key',
      '{"instruments":[{"type":"layers","name":"x","layers":[{"instrument":1,"volume":3}]}]}',
      'volume',
    ],
    [
      'a formula that does not parse',
      '{"instruments":[{"type":"formula","name":"x","terms":[{"expression":"sin("}]}]}',
      'column 5',
    ],
    [
      'a layer of nothing',
      '{"instruments":[{"type":"layers","name":"x","layers":[{"instrument":"Vilin"}]}]}',
      '"Violin"',
    ],
    [
      'a font that is not there',
      '{"instruments":[{"type":"preset","name":"x","soundFont":"Strang","program":1}]}',
      'Strange',
    ],
    ['a name without letters', '{"instruments":[{"type":"preset","name":"--","program":1}]}', 'letters'],
  ])('%s', async (_, text, words) => {
    await expect(server({ 'a.catalogue.json': text })).rejects.toMatchObject({
      code: 'invalid-catalogue',
      message: expect.stringContaining(words),
    });
  });

  test('any damage is refused or harmless', async () => {
    const whole = JSON.stringify({
      instruments: [
        { type: 'formula', name: 'f', terms: [{ expression: 'sin(tau*frequency*time)', gain: 1 }], attackSeconds: 0.1 },
        { type: 'layers', name: 'l', layers: [{ instrument: 'f', pan: 0.1, detuneCents: 3 }] },
      ],
    });
    const random = seededRandom(5);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '-1',
      '1e999',
      'null',
      'true',
      '__proto__',
      'type',
      'layers',
      'Violin',
    ];
    for (let round = 0; round < 300; round++) {
      const at = Math.floor(random() * whole.length);
      const piece = pieces[Math.floor(random() * pieces.length)]!;
      const text = whole.slice(0, at) + piece + whole.slice(at + Math.floor(random() * 12));
      try {
        expect(catalogueFileSchema.safeParse(JSON.parse(text))).toHaveProperty('success');
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
      if (round % 10 === 0) {
        await server({ 'a.catalogue.json': text }).catch((error: unknown) =>
          expect(error).toHaveProperty('status', 422),
        );
      }
    }
  });
});
