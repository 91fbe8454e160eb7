import { describe, expect, test } from '@jest/globals';
import {
  DEFAULT_SYNTH,
  FormulaSource,
  formulaDefinitionSchema,
  type Layer,
  LayeredSource,
  type LayersDefinition,
  layersDefinitionSchema,
  type SoundSource,
} from '@musistrata/render-core';
import { amplitudeAt, cents, decibels, firstSound, identical, peak, pitchNear } from './measure.js';
import { controller, note, part, record, recordParts } from './rig.js';

const RATE = 44100;
const synth = new FormulaSource(DEFAULT_SYNTH);
const noise = new FormulaSource(
  formulaDefinitionSchema.parse({ type: 'formula', name: 'n', terms: [{ expression: 'noise()' }] }),
);

type LayerSettings = Partial<LayersDefinition['layers'][number]>;

function layered(...layers: [SoundSource, LayerSettings?][]): LayeredSource {
  const { layers: definitions } = layersDefinitionSchema.parse({
    type: 'layers',
    name: 'x',
    layers: layers.map(([, settings]) => ({ instrument: 'x', ...settings })),
  });
  return new LayeredSource(
    'test',
    layers.map(([source], index): Layer => ({ definition: definitions[index]!, source, preset: null })),
  );
}

const steady = (line: Float32Array) => line.subarray(8192, 8192 + 16384);

describe('a layered instrument', () => {
  test('is the sum of its layers, with gain and pan', () => {
    const one = record(layered([synth]), part([note()])).left;
    expect(identical(one, record(synth, part([note()])).left)).toBe(true);
    const two = record(layered([synth], [synth, { gainDb: -6 }]), part([note()])).left;
    expect(decibels(peak(two) / peak(one))).toBeCloseTo(decibels(1 + 10 ** (-6 / 20)), 3);
    const sides = record(layered([synth, { pan: 0 }], [synth, { pan: 1, transpose: 12 }]), part([note()]));
    expect(amplitudeAt(steady(sides.left), 440, RATE)).toBeCloseTo(1, 3);
    expect(amplitudeAt(steady(sides.left), 880, RATE)).toBeLessThan(1e-6);
    expect(amplitudeAt(steady(sides.right), 880, RATE)).toBeCloseTo(1, 3);
  });

  test('transposes, detunes and delays, a reset notwithstanding', () => {
    const events = [
      { kind: 'system', time: 0, message: { type: 'reset', system: 'gm' } } as const,
      { kind: 'system', time: 0.001, message: { type: 'masterTuning', cents: 10 } } as const,
      note({ time: 0.01 }),
    ];
    const { left } = record(layered([synth, { transpose: 7, detuneCents: 15, delaySeconds: 0.1 }]), part(events));
    expect(firstSound(left)).toBe(Math.round(0.11 * RATE) + 1);
    const expected = 440 * 2 ** (7 / 12 + 25 / 1200);
    expect(Math.abs(cents(pitchNear(steady(left), expected, RATE) / expected))).toBeLessThan(0.05);
    const [reset] = events;
    const { left: after } = record(layered([synth, { detuneCents: 15 }]), part([reset!, note({ time: 0.01 })]));
    const tuned = 440 * 2 ** (15 / 1200);
    expect(Math.abs(cents(pitchNear(steady(after), tuned, RATE) / tuned))).toBeLessThan(0.05);
  });

  test('splits keys and velocities', () => {
    const split = layered([synth, { highKey: 59 }], [synth, { lowKey: 60, transpose: 12, lowVelocity: 50 }]);
    const loudest = (key: number, velocity: number) => {
      const { left } = record(split, part([note({ key, velocity })]), { seconds: 1 });
      const frequency = 440 * 2 ** ((key - 69) / 12);
      return [frequency, 2 * frequency].map((f) => amplitudeAt(steady(left), f, RATE) > 0.1);
    };
    expect(loudest(59, 100)).toEqual([true, false]);
    expect(loudest(60, 100)).toEqual([false, true]);
    expect(loudest(60, 49)).toEqual([false, false]);
  });

  test('nests, sends to the effects, counts voices', () => {
    const inner = layered([synth], [synth, { transpose: 12 }]);
    const outer = layered([inner, { gainDb: -6 }], [noise, { gainDb: -20 }]);
    const take = record(outer, part([controller(0, 91, 127), note()]));
    expect(amplitudeAt(steady(take.left), 880, RATE)).toBeCloseTo(Math.SQRT1_2 * 10 ** (-6 / 20), 2);
    expect(peak(take.reverb)).toBeGreaterThan(0.1);
    expect(take.active).toBe(false);
    expect(record(outer, part([note(), note({ key: 50 })]), { maxVoices: 4 }).stolenNotes).toBeGreaterThan(0);
  });

  test('does not depend on the division into blocks, and its noise is not that of its sibling', () => {
    const source = layered(
      [noise, { delaySeconds: 0.013, pan: 0.2 }],
      [noise, { transpose: 3, gainDb: -3 }],
      [synth, { detuneCents: 4 }],
    );
    const parts = [0, 1].map((index) => part([note({ time: 0.05, duration: 0.3 }), controller(0.2, 7, 60)], { index }));
    const whole = recordParts(source, parts, { seconds: 1 });
    for (const divisions of [[1, 1023], [100]]) {
      const divided = recordParts(source, parts, { seconds: 1, divisions });
      expect(divided.every((take, index) => identical(take.left, whole[index]!.left))).toBe(true);
    }
    const twice = record(layered([noise, { pan: 0 }], [noise, { pan: 1 }]), part([note()]), { seconds: 1 });
    expect(identical(twice.left, twice.right)).toBe(false);
  });

  test('its identity follows its layers', () => {
    const identities = [
      layered([synth]),
      layered([noise]),
      layered([synth], [noise]),
      layered([synth, { gainDb: -1 }]),
    ].map((source) => source.identity);
    expect(new Set(identities).size).toBe(4);
    expect(layered([synth]).identity).toBe(layered([synth]).identity);
  });
});
