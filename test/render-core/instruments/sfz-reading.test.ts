import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSfz, SampleCache, SampleSource } from '@musistrata/render-core';
import { seededRandom } from './measure.js';
import { controller, note, part, record } from './rig.js';
import { folder, REGION, refusal, SAMPLES, sfz } from './sfz-rig.js';
import type { Files } from './test-folders.js';

describe('reading SFZ', () => {
  test('headers inherit, comments vanish, values may hold spaces, paths have either slash', async () => {
    const text = `
      // a comment <region> sample=none.wav
      <control> default_path=deep\\er/ note_offset=1
      <global> volume=-6 pan=10 /* over
      lines */ <master> tune=7
      <group> lokey=c4 hikey=71 <region> sample=with space.wav pitch_keycenter=60
      <region> sample=a.wav key=c#5 volume=-3
      <group> <region> sample=a.wav
      <global> <region> sample=a.wav`;
    const source = await sfz(text, { 'deep/er/with space.wav': SAMPLES['a.wav']!, 'deep/er/a.wav': SAMPLES['a.wav']! });
    const [spaced, single, plain, bare] = source.instrument.regions;
    expect(spaced).toMatchObject({ lowKey: 61, highKey: 72, rootKey: 61, gainDb: -6, pan: 0.1, tuneCents: 7 });
    expect(single).toMatchObject({ lowKey: 74, highKey: 74, rootKey: 74, gainDb: -3 });
    expect(plain).toMatchObject({ lowKey: 1, highKey: 128, gainDb: -6, tuneCents: 7 });
    expect(bare).toMatchObject({ gainDb: 0, pan: 0, tuneCents: 0 });
  });

  test('a key overrides the range and root of higher headers, not those beside it', async () => {
    const text = `
      <global> pitch_keycenter=60 lokey=0 hikey=127
      <group> key=40 <region> sample=a.wav <region> sample=a.wav hikey=44 <region> sample=a.wav key=50 pitch_keycenter=52
      <group> lokey=20 <region> sample=a.wav`;
    // As sfizz reads it: the opcodes of the headers one after the other, from the highest down.
    expect((await sfz(text)).instrument.regions).toMatchObject([
      { lowKey: 40, highKey: 40, rootKey: 40 },
      { lowKey: 40, highKey: 44, rootKey: 40 },
      { lowKey: 50, highKey: 50, rootKey: 52 },
      { lowKey: 20, highKey: 127, rootKey: 60 },
    ]);
  });

  test('includes files and replaces macros, the longest first', async () => {
    const text = '#define $ROOT 69\n#define $ROOTS 57 #define $EXT wav\n#include "parts/all.txt"';
    const parts = '<region> sample=a.$EXT pitch_keycenter=$ROOT lokey=$ROOTS\n#include "parts/more.txt"';
    const source = await sfz(text, { 'parts/all.txt': parts, 'parts/more.txt': '<region> sample=soft.wav key=$ROOTS' });
    expect(source.instrument.regions).toMatchObject([
      { rootKey: 69, lowKey: 57 },
      { rootKey: 57, sample: { name: 'soft.wav' } },
    ]);
  });

  test('unknown opcodes are one warning, at every render', async () => {
    const source = await sfz(`${REGION} lfo01_freq=3 eg03_time1=2 ampeg_release=0.1`);
    const { warnings } = record(source, part([note()]), { seconds: 0.1 });
    expect(warnings).toEqual([
      { code: 'sfz-opcode-ignored', message: expect.stringContaining('eg03_time1, lfo01_freq') },
    ]);
  });

  test.each<[string, string, Files, string]>([
    ['a missing sample', '<region> sample=none.wav', {}, 'missing'],
    ['a sample outside', '<region> sample=../1/a.wav', {}, 'outside'],
    ['an absolute sample', '<region> sample=/etc/passwd', {}, 'outside'],
    ['a sample that is none', '<region> sample=x.sfz', {}, 'not a WAV file'],
    ['an include outside', '#include "../1/x.sfz"', {}, 'outside'],
    ['a file that includes itself', '#include "x.sfz"', {}, '16 deep'],
    ['a number that is none', `${REGION} volume=loud`, {}, 'volume=loud'],
    ['a key that is none', `${REGION} lokey=h4`, {}, 'lokey=h4'],
    ['a mode that is none', `${REGION} loop_mode=backwards`, {}, 'loop_mode'],
    ['no regions', '<group> volume=1', {}, 'no region'],
    ['macros that explode', `#define $A ${'x'.repeat(300)}\n<region> sample=${'$A'.repeat(300)}`, {}, 'too long'],
  ])('refuses %s', async (_, text, files, words) => {
    const error = await refusal(text, files);
    expect(error.code).toBe('invalid-sfz');
    expect(error.message).toContain(words);
  });

  test('refuses a link out of the folder, and names every fault with its line', async () => {
    const path = await folder({ ...SAMPLES, 'x.sfz': '<region> sample=link.wav\n\n<region> sample=none.wav' });
    await symlink('/etc/passwd', join(path, 'link.wav'));
    await expect(readSfz(join(path, 'x.sfz'), 'x')).rejects.toMatchObject({
      errors: [{ pointer: 'x.sfz:1' }, { pointer: 'x.sfz:3' }],
    });
  });

  test('survives any text', async () => {
    const path = await folder(SAMPLES);
    const random = seededRandom(23);
    const pieces = [
      '<region>',
      '<group>',
      '<control>',
      '<',
      '>',
      'sample=a.wav',
      'key=60',
      '=',
      ' ',
      '\n',
      '//',
      '/*',
      '*/',
      '#define $A b',
      '$A',
      '#include "x.sfz"',
      'loop_mode=loop_sustain',
      'loop_start=9999999',
      'loop_end=0',
      'offset=99999999',
      'end=-1',
      'end=5',
      'seq_length=0',
      'seq_position=9',
      'cutoff=1e9',
      'resonance=-5',
      'ampeg_release=-1',
      'pitch_keytrack=99999',
      'tune=1e30',
      'lovel=200',
      'lokey=-1',
      'volume=NaN',
      'pitcheg_depth=12000 pitcheg_attack=0.001',
      'fileg_depth=-1e9 fileg_decay=-3',
      'amplfo_depth=99 amplfo_freq=1e9',
      'pitchlfo_freq=20 pitchlfo_depthcc1=1e300 pitchlfo_depth_oncc999=5',
      'fillfo_freq=5 fillfo_depthchanaft=x',
      'xfin_lokey=200 xfin_hikey=3 xf_keycurve=none',
      'xfout_hivel=0',
      'bend_up=1e9 bend_down=1e9',
      'cutoff_cc7=1e308',
    ];
    const cache = new SampleCache(1e9);
    let played = 0;
    for (let round = 0; round < 150; round++) {
      const length = 1 + Math.floor(random() * 12);
      const body = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join(
        random() < 0.8 ? ' ' : '',
      );
      const text = random() < 0.5 ? `<region> sample=a.wav ${body}` : body;
      await writeFile(join(path, 'x.sfz'), text);
      try {
        const source = new SampleSource(await readSfz(join(path, 'x.sfz'), 'x'), cache);
        const events = [
          controller(0, 1, 127),
          controller(0, 84, 127),
          controller(0, 37, 9),
          note({ key: 60, duration: 0.01 }),
        ];
        const { left } = record(source, part(events), { seconds: 0.02 });
        expect(left.every(Number.isFinite)).toBe(true);
        played++;
      } catch (error) {
        expect(error).toHaveProperty('code', 'invalid-sfz');
      }
    }
    expect(played).toBeGreaterThan(20);
  });
});
