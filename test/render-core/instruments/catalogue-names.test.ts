import { describe, expect, test } from '@jest/globals';
import {
  GENERAL_MIDI_PROGRAMS,
  openCatalogue,
  type PartEvent,
  partOptionsSchema,
  renderOptionsSchema,
} from '@musistrata/render-core';
import { resolveOne, server, tone, wants } from './catalogue-rig.js';
import { amplitudeAt } from './measure.js';
import { controller, note, part, record, scoreOf } from './rig.js';

describe('names', () => {
  test.each([
    ['Violin', 40],
    ['violin', 40],
    ['ACOUSTIC GRAND-PIANO', 0],
    ['tubular bells', 14],
    ['SoundFont_Piano', 0],
    ['soundfont piano', 0],
  ])('%s is program %i of the font', async (name, program) => {
    const { source, preset, codes } = await resolveOne(wants(name));
    expect(source).toMatchObject({ kind: 'soundfont', name: 'Tiny GM' });
    expect(preset).toEqual({ bank: 0, program, percussion: false });
    expect(codes).toEqual([]);
  });

  test('every General MIDI name, kit and old name resolves', async () => {
    const catalogue = await server();
    const old =
      'Acoustic_Guitar Amplified_Cello_Quartet_Tremmy Amplified_Cello_Quartet_Wobbly Analog_Bell Bellish Celeste Clock Close_Grand_Piano ' +
      'Concert_Clarinet Crystal_Keys Deviating_Keys Dream_Bell Fairy Flute Ghost_Hand_Bells Glass_Bell Hannah_Peel_Music_Box Harp ' +
      'Moon_Guitar_Ensemble Moon_Guitar_Trems Peel_Guitar_1 Peel_Guitar_Ensemble Resonator_Music_Box Soft_Piano Stage_Grand_Piano ' +
      'Strings_Pizzicato_Ensemble Strings_Swell_Ensemble Tape_Piano SoundFont_Piano Default_Synth test_synth';
    expect(old.split(' ')).toHaveLength(31);
    for (const name of [...GENERAL_MIDI_PROGRAMS, ...old.split(' '), 'Jazz Kit']) {
      const { parts } = await catalogue.resolve(scoreOf(wants(name)));
      expect(parts[0]!.source).not.toBeNull();
    }
    const listed = new Set(catalogue.list().instruments.map(({ name }) => name));
    for (const name of [...GENERAL_MIDI_PROGRAMS, ...old.split(' '), 'Jazz Kit', 'Strange/Gong Choir']) {
      expect(listed).toContain(name);
    }
  });

  test('an old sample name plays its folder where there is one, and otherwise says what plays instead', async () => {
    const without = await resolveOne(wants('Close_Grand_Piano'));
    expect(without.preset).toEqual({ bank: 0, program: 0, percussion: false });
    expect(without.warnings).toEqual([
      {
        code: 'instrument-substituted',
        message: expect.stringContaining('Acoustic Grand Piano'),
        pointer: '/Tracks/0/Instrument',
      },
    ]);
    for (const name of ['Flute', 'Close_Grand_Piano', 'My Kalimba']) {
      const folder = await resolveOne(wants(name), {}, { [`samples/${name}/${name}_60.wav`]: tone });
      expect(folder.source).toMatchObject({ kind: 'samples', name });
      expect(folder.codes).toEqual([]);
    }
  });

  test('the two synthesizers are formulas, with the old pitch where the request asks for it', async () => {
    const { source } = await resolveOne(wants('default synth'));
    expect(source).toMatchObject({ kind: 'formula', name: 'Default_Synth' });
    const seed = await resolveOne(wants('Default_Synth'), { pitch: 'seed' });
    const { left } = record(seed.source!, part([note({ key: 48 })]));
    expect(amplitudeAt(left.subarray(4410, 44100), 83.27, 44100)).toBeGreaterThan(0.69);
  });

  test('presets of fonts are found by their names, those of the font in use first', async () => {
    const strange = await resolveOne(wants('gong choir'));
    expect(strange.source).toMatchObject({ name: 'Strange' });
    expect(strange.preset).toEqual({ bank: 0, program: 5, percussion: false });
    const qualified = await resolveOne(wants('Strange/Violin'));
    expect(qualified).toMatchObject({ source: { name: 'Strange' }, preset: { bank: 1, program: 40 } });
    expect((await resolveOne(wants('Violin'))).source).toMatchObject({ name: 'Tiny GM' });
  });

  test('program numbers and banks', async () => {
    const vibraphone = await resolveOne(wants(null, { program: 11 }));
    expect(vibraphone.preset).toEqual({ bank: 0, program: 11, percussion: false });
    const warm = await resolveOne(wants('Acoustic Grand Piano', { bank: 2 }));
    expect(warm.preset).toEqual({ bank: 2, program: 0, percussion: false });
    const missing = await resolveOne(wants('Violin', { bank: 8 }));
    expect(missing.preset).toEqual({ bank: 0, program: 40, percussion: false });
    expect(missing.codes).toEqual(['bank-substituted']);
  });

  test('percussion parts play kits', async () => {
    const kit = (program: number) => ({ bank: 0, program, percussion: true });
    expect(await resolveOne(wants('', { percussion: true }))).toMatchObject({ preset: kit(0), codes: [] });
    expect(await resolveOne(wants('jazz kit', { percussion: true }))).toMatchObject({ preset: kit(32), codes: [] });
    const brush = await resolveOne(wants('Brush Kit', { percussion: true }));
    expect(brush).toMatchObject({ preset: kit(0), codes: ['drum-kit-substituted'] });
    const piano = await resolveOne(wants('Violin', { percussion: true, bank: 5 }));
    expect(piano).toMatchObject({ preset: kit(0), codes: ['drum-kit-substituted'] });
  });

  test('a part whose programs are among its events follows them', async () => {
    const midi = part([note()], { channel: 3 });
    expect(await resolveOne(midi)).toMatchObject({ preset: null, source: { name: 'Tiny GM' }, codes: [] });
  });

  test('a track that names nothing gets a piano, and is told', async () => {
    expect(await resolveOne(wants(''))).toMatchObject({ preset: { program: 0 }, codes: ['instrument-unnamed'] });
  });
});

describe('instruments that are not there', () => {
  test('are refused all at once with their places and the nearest names', async () => {
    const catalogue = await server();
    const bad = scoreOf(wants('Kazoo'), wants('Violin'), wants('Vilin', { pointer: '/Tracks/2/Instrument' }));
    const options = { soundFont: 'Stranger', parts: [partOptionsSchema.parse({ part: 1, instrument: 'Vibrafone' })] };
    const error = await catalogue.resolve(bad, options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'unknown-instrument',
      status: 422,
      errors: [
        { pointer: '/soundFont', message: expect.stringContaining('"Strange"') },
        { pointer: '/Tracks/0/Instrument', message: expect.stringContaining('"Kazoo"') },
        { pointer: '/parts/0/instrument', message: expect.stringMatching(/"Vibrafone".*"Vibraphone"/) },
        { pointer: '/Tracks/2/Instrument', message: expect.stringContaining('"Violin"') },
      ],
    });
  });

  test('may stand in a track without notes', async () => {
    expect(await resolveOne(wants('Kazoo', { silent: true }))).toMatchObject({ source: null, codes: [] });
  });

  test('are substituted or skipped when the request allows it, which is reported', async () => {
    const substitute = await resolveOne(wants('Vilin'), { onMissing: 'substitute' });
    expect(substitute).toMatchObject({ preset: { program: 40 }, codes: ['instrument-substituted'] });
    const skip = await resolveOne(wants('Kazoo'), { onMissing: 'skip' });
    expect(skip).toMatchObject({ source: null, codes: ['part-skipped'] });
    const drums = await resolveOne(wants('Kazoo', { percussion: true }), { onMissing: 'substitute' });
    expect(drums).toMatchObject({ preset: { percussion: true }, codes: ['instrument-substituted'] });
  });

  test('a folder that cannot be read is a fault of the part that asks for it', async () => {
    const catalogue = await server({ 'samples/Kora/Kora_60.wav': 'nonsense' });
    const error = {
      code: 'invalid-sample-folder',
      errors: [{ pointer: '/Tracks/0/Instrument', message: expect.stringContaining('Kora_60.wav') }],
    };
    await expect(catalogue.resolve(scoreOf(wants('Kora')))).rejects.toMatchObject(error);
    await expect(catalogue.identity(scoreOf(wants('Kora')))).rejects.toMatchObject(error);
  });

  test('a server without fonts still plays formulas, and refuses the rest', async () => {
    const catalogue = await openCatalogue({ defaultSoundFont: null });
    const { parts } = await catalogue.resolve(scoreOf(wants('test_synth')));
    expect(parts[0]!.source).toMatchObject({ kind: 'formula' });
    await expect(catalogue.resolve(scoreOf(wants('Violin')))).rejects.toMatchObject({ code: 'unknown-instrument' });
  });
});

describe('settings of a request', () => {
  test('find parts by index, name and channel', async () => {
    const catalogue = await server();
    const played = scoreOf(
      part([note()], { name: 'Bass', channel: 2 }),
      part([note()], { name: 'Lead', channel: 5, port: 1 }),
      part([note()], { name: 'lead', channel: 5 }),
    );
    const { parts: settings } = renderOptionsSchema.parse({
      parts: [
        { part: 0, instrument: 33, gainDb: -3, pan: 0.25 },
        { part: 'Lead', instrument: 'Default_Synth', solo: true },
        { part: { channel: 5 }, mute: true, soundFont: 'strange.sf2', instrument: 'Gong Choir', reverbSend: 0.5 },
      ],
    });
    const { parts } = await catalogue.resolve(played, { parts: settings });
    expect(parts).toMatchObject([
      { preset: { program: 33 }, gainDb: -3, pan: 0.25, mute: false },
      { source: { name: 'Default_Synth' }, solo: true, pan: null },
      { source: { name: 'Strange' }, preset: { program: 5 }, mute: true, reverbSend: 0.5 },
    ]);
  });

  test('put the programs of a part that changes them into a bank, as if the score said so', async () => {
    const catalogue = await server();
    const program = (time: number, number: number) => ({ kind: 'program', time, program: number }) as const;
    const reset = (time: number, system: 'gm' | 'gs') =>
      ({ kind: 'system', time, message: { type: 'reset', system } }) as const;
    const bank = (time: number) => [controller(time, 0, 2), controller(time, 32, 5)];
    const played = async (events: readonly PartEvent[], settings: object = {}) => {
      const { parts } = renderOptionsSchema.parse({ parts: [{ part: 0, ...settings }] });
      return (await catalogue.resolve(scoreOf(part(events)), { parts })).parts[0]!.part.events;
    };
    const notes = [0.5, 1.5, 2.5].map((time) => note({ time }));
    const written = [reset(0, 'gm'), controller(0, 0, 9), program(0, 4), program(1, 7), reset(2, 'gs')];
    const edited = [...bank(0), reset(0, 'gs'), ...bank(0), program(0, 4), program(1, 7)];
    const again = [reset(2, 'gs'), ...bank(2), program(2, 0)];
    expect(await played([...written, ...notes], { bank: 2 * 128 + 5 })).toEqual(
      await played([...edited, ...again, ...notes]),
    );
    const [high, low] = (await played(notes, { bank: 8 })).slice(0, 2);
    expect([high, low]).toEqual([controller(0, 0, 8), controller(0, 32, 0)]);
  });

  test('for one part twice are refused at both places', async () => {
    const catalogue = await server();
    const played = scoreOf(wants('Violin'), wants('Viola'));
    const { parts } = renderOptionsSchema.parse({ parts: [{ part: 0 }, { part: 1 }, { part: 'Melody', mute: true }] });
    await expect(catalogue.resolve(played, { parts })).rejects.toMatchObject({
      code: 'part-set-twice',
      errors: [
        { pointer: '/parts/0/part', message: expect.stringContaining('/parts/2') },
        { pointer: '/parts/2/part', message: expect.stringContaining('/parts/0') },
        { pointer: '/parts/1/part', message: expect.stringContaining('/parts/2') },
        { pointer: '/parts/2/part', message: expect.stringContaining('/parts/1') },
      ],
    });
  });

  test('for a part that is not there are refused', async () => {
    const catalogue = await server();
    const settings = [partOptionsSchema.parse({ part: 'Drums' })];
    await expect(catalogue.resolve(scoreOf(wants('Violin')), { parts: settings })).rejects.toMatchObject({
      code: 'unknown-part',
      errors: [{ pointer: '/parts/0/part', message: expect.stringContaining('Melody') }],
    });
  });
});

describe('a sound font that is not there', () => {
  const wanted = (parts: readonly unknown[]) => renderOptionsSchema.parse({ parts }).parts;

  test('has a code of its own, for the request and for a part', async () => {
    const catalogue = await server();
    const played = scoreOf(wants('Violin'));
    const refusal = { code: 'unknown-sound-font', errors: [{ pointer: '/soundFont' }] };
    await expect(catalogue.resolve(played, { soundFont: 'nowhere' })).rejects.toMatchObject(refusal);
    const parts = wanted([{ part: 0, soundFont: 'nowhere' }, { part: 7 }]);
    await expect(catalogue.resolve(played, { parts })).rejects.toMatchObject({
      code: 'unknown-sound-font',
      errors: [{ pointer: '/parts/1/part' }, { pointer: '/parts/0/soundFont' }],
    });
  });

  test('comes after an instrument that is not there', async () => {
    const catalogue = await server();
    await expect(catalogue.resolve(scoreOf(wants('Zzyzx')), { soundFont: 'nowhere' })).rejects.toMatchObject({
      code: 'unknown-instrument',
      errors: [{ pointer: '/soundFont' }, {}],
    });
  });
});
