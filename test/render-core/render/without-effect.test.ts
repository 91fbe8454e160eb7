import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type RenderOptionsInput, type ResolvedPart, renderPerformance } from '@musistrata/render-core';
import { temporaryFolder } from '../audio/encode.js';
import { note, optionsOf, performanceOf, resolve, SineSource } from './sine-source.js';

const folder = temporaryFolder();
const score = performanceOf(1, [[note(0, 1)], [note(0.5, 0.5, 64)]]);

async function render(sends: number, options: RenderOptionsInput = {}, changes: readonly Partial<ResolvedPart>[] = []) {
  const source = new SineSource({ reverb: sends, chorus: sends, amplitude: 0.2 });
  const parsed = optionsOf({ sampleRate: 16000, ...options });
  const context = { folder: mkdtempSync(join(folder.path, 'render-')) };
  const { audio, warnings } = await renderPerformance(score, resolve(score, source, changes), parsed, context);
  return {
    bytes: readFileSync(audio.path),
    warnings: warnings.filter(({ code }) => code === 'option-without-effect'),
  };
}

interface Asked {
  readonly options?: RenderOptionsInput;
  readonly changes?: readonly Partial<ResolvedPart>[];
}

const cases: readonly (readonly [name: string, pointer: string, asked: Asked, otherwise: Asked])[] = [
  ['reverb.level', '/reverb', { options: { reverb: { level: 2 } } }, {}],
  ['reverb.roomSize', '/reverb', { options: { reverb: { roomSize: 0.9 } } }, {}],
  ['chorus.level', '/chorus', { options: { chorus: { level: 3 } } }, {}],
  // A part with settings of its own is mixed in another order of additions: compared is one that has them too.
  ['reverbSend', '/parts', { changes: [{}, { reverbSend: 3 }] }, { changes: [{}, { reverbSend: 0.5 }] }],
  ['chorusSend', '/parts', { changes: [{ chorusSend: 3 }] }, { changes: [{ chorusSend: 0.5 }] }],
];

describe('option-without-effect', () => {
  /** The oracle is the file itself: the warning is right when it has the same bytes whatever the option says. */
  test.each(cases)('is said of %s, and truly, when nothing is sent', async (_, pointer, asked, otherwise) => {
    const set = await render(0, asked.options, asked.changes);
    expect(set.bytes.equals((await render(0, otherwise.options, otherwise.changes)).bytes)).toBe(true);
    expect(set.warnings).toMatchObject([{ pointer }]);
  });

  test.each(cases)(
    'is not said of %s when something is sent: it is heard then',
    async (_, _pointer, asked, otherwise) => {
      const set = await render(0.5, asked.options, asked.changes);
      expect(set.bytes.equals((await render(0.5, otherwise.options, otherwise.changes)).bytes)).toBe(false);
      expect(set.warnings).toEqual([]);
    },
  );

  test('is not said of what nobody has set', async () => {
    expect((await render(0)).warnings).toEqual([]);
  });

  test('is not said to those who want no reverb and get none', async () => {
    const off: RenderOptionsInput = { reverb: { level: 0 }, chorus: { level: 0 } };
    expect((await render(0, off, [{ reverbSend: 0, chorusSend: 0 }])).warnings).toEqual([]);
  });

  test('names the parts whose sends are meant', async () => {
    const { warnings } = await render(0, {}, [{ reverbSend: 2 }, { reverbSend: 2 }]);
    expect(warnings).toMatchObject([{ message: expect.stringContaining('Part 1, Part 2') }]);
  });
});
