import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CatalogueConfig,
  catalogueFileSchema,
  GENERAL_MIDI_PROGRAMS,
  type InstrumentName,
  type InstrumentOptions,
  loadSoundFont,
  openCatalogue,
  type Part,
  type Performance,
  partOptionsSchema,
  readFontPresets,
  renderOptionsSchema,
} from '@musistrata/render-core';
import { dlsFile, fontFile, type PresetRow, silentFont } from './font-file.js';
import { amplitudeAt, seededRandom } from './measure.js';
import { note, part, record } from './rig.js';
import { sine, wavFile } from './wav-files.js';

const GM: PresetRow[] = GENERAL_MIDI_PROGRAMS.map((name, program) => [`gm ${name}`.slice(0, 19), 0, program]);
const DRUMS: PresetRow[] = [
  ['Standard', 128, 0],
  ['Jazz', 128, 32],
];

let root = '';
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'catalogue-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function files(content: Readonly<Record<string, Buffer | string>>): Promise<string> {
  const folder = join(root, `${++folders}`);
  await mkdir(folder);
  for (const [name, bytes] of Object.entries(content)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

/** A server with a General MIDI font, a font of its own and what else is given. */
async function server(content: Readonly<Record<string, Buffer | string>> = {}, given: Partial<CatalogueConfig> = {}) {
  const folder = await files({
    'default/Tiny GM.sf2': fontFile([...GM, ['Warm Bank', 2, 0], ...DRUMS]),
    'fonts/Strange.sf2': fontFile([
      ['Gong Choir', 0, 5],
      ['Violin', 1, 40],
      ['Anvil Kit', 128, 7],
    ]),
    ...content,
  });
  const catalogues = Object.keys(content).filter((name) => name.endsWith('.catalogue.json'));
  return openCatalogue(
    {
      defaultSoundFont: join(folder, 'default/Tiny GM.sf2'),
      soundFontFolder: join(folder, 'fonts'),
      samplesFolder: join(folder, 'samples'),
      catalogueFiles: catalogues.map((name) => join(folder, name)),
      ...given,
    },
    silentFont,
  );
}

function score(...parts: Part[]): Performance {
  return {
    format: 'musistrata',
    title: null,
    copyright: null,
    parts: parts.map((entry, index) => ({ ...entry, index })),
    tempoMap: { tempos: [], meters: [] },
    markers: [],
    lyrics: [],
    endSeconds: 1,
    noteCount: 1,
    defaultTail: 'silence',
    warnings: [],
  };
}

function wants(
  name: string | null,
  given: Partial<InstrumentName> & { percussion?: boolean; silent?: boolean } = {},
): Part {
  const { percussion = false, silent = false, ...instrument } = given;
  return part(silent ? [] : [note()], {
    name: 'Melody',
    percussion,
    instrument: { name, program: null, bank: 0, pointer: '/Tracks/0/Instrument', ...instrument },
  });
}

async function resolveOne(wanted: Part, options: InstrumentOptions = {}, content = {}) {
  const { parts, warnings } = await (await server(content)).resolve(score(wanted), options);
  return { ...parts[0]!, codes: warnings.map(({ code }) => code), warnings };
}

const tone = wavFile([sine(440, 4410)]);

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
      const { parts } = await catalogue.resolve(score(wants(name)));
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
    const bad = score(wants('Kazoo'), wants('Violin'), wants('Vilin', { pointer: '/Tracks/2/Instrument' }));
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
    await expect(catalogue.resolve(score(wants('Kora')))).rejects.toMatchObject(error);
    await expect(catalogue.identity(score(wants('Kora')))).rejects.toMatchObject(error);
  });

  test('a server without fonts still plays formulas, and refuses the rest', async () => {
    const catalogue = await openCatalogue({ defaultSoundFont: null });
    const { parts } = await catalogue.resolve(score(wants('test_synth')));
    expect(parts[0]!.source).toMatchObject({ kind: 'formula' });
    await expect(catalogue.resolve(score(wants('Violin')))).rejects.toMatchObject({ code: 'unknown-instrument' });
  });
});

describe('settings of a request', () => {
  test('find parts by index, name and channel', async () => {
    const catalogue = await server();
    const played = score(
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

  test('for a part that is not there are refused', async () => {
    const catalogue = await server();
    const settings = [partOptionsSchema.parse({ part: 'Drums' })];
    await expect(catalogue.resolve(score(wants('Violin')), { parts: settings })).rejects.toMatchObject({
      code: 'unknown-part',
      errors: [{ pointer: '/parts/0/part', message: expect.stringContaining('Melody') }],
    });
  });
});

describe('a sound font that is not there', () => {
  const wanted = (parts: readonly unknown[]) => renderOptionsSchema.parse({ parts }).parts;

  test('has a code of its own, for the request and for a part', async () => {
    const catalogue = await server();
    const played = score(wants('Violin'));
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
    await expect(catalogue.resolve(score(wants('Zzyzx')), { soundFont: 'nowhere' })).rejects.toMatchObject({
      code: 'unknown-instrument',
      errors: [{ pointer: '/soundFont' }, {}],
    });
  });
});

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
      expect((await catalogue.resolve(score(wants(name!)))).parts[0]!.source!.kind).toBe(kind);
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

describe('sound fonts', () => {
  test('are listed from their headers, SF2 and DLS alike', async () => {
    const folder = await files({
      'a.sf2': fontFile([
        ['Piano', 0, 0],
        ['Odd', 3, 7],
        ['Kit', 128, 0],
      ]),
      'b.dls': dlsFile([
        ['Piano', 0, 0],
        ['Odd', 0x300, 7],
        ['Kit', 0x80000000, 0],
      ]),
    });
    const expected = [
      { name: 'Piano', bank: 0, program: 0, percussion: false },
      { name: 'Odd', bank: 3, program: 7, percussion: false },
      { name: 'Kit', bank: 0, program: 0, percussion: true },
    ];
    expect(await readFontPresets(join(folder, 'a.sf2'), 'a')).toEqual(expected);
    expect(await readFontPresets(join(folder, 'b.dls'), 'b')).toEqual(expected);
  });

  test('the headers of a real font say the same as its synthesizer', async () => {
    const sonivox = join(dirname(fileURLToPath(import.meta.resolve('@coderline/alphatab'))), 'soundfont/sonivox.sf2');
    const presets = await readFontPresets(sonivox, 'sonivox');
    const loaded = await loadSoundFont(sonivox);
    const rows = (list: readonly { name: string; bank: number; program: number; percussion: boolean }[]) =>
      list
        .map(({ name, bank, program, percussion }) => `${percussion ? 'kit' : bank} ${program} ${name.trim()}`)
        .sort();
    expect(rows(presets)).toEqual(rows(loaded.presets));
    const catalogue = await openCatalogue({ defaultSoundFont: sonivox });
    const { parts } = await catalogue.resolve(score(wants('Violin')));
    expect(parts[0]!.source!.identity).toBe(loaded.identity);
  });

  test('fonts of system folders are offered where names are free; broken ones are problems, not failures', async () => {
    const system = await files({
      'deep/er/Strange.sf3': fontFile([['Other', 0, 1]]),
      'Extra.SF2': fontFile([['Extra Preset', 0, 1]]),
      'broken.sf2': 'RIFF',
      'cut.sf2': fontFile([['x', 0, 0]]).subarray(0, 150),
    });
    const catalogue = await server({}, { systemFolders: [system, '/does/not/exist'] });
    const { soundFonts } = catalogue.list();
    expect(soundFonts.map(({ name }) => name)).toEqual(['Tiny GM', 'Strange', 'Extra']);
    expect(soundFonts.map((font) => font.default)).toEqual([true, false, false]);
    expect(soundFonts[1]!.presets).toHaveLength(3);
    expect(catalogue.problems).toHaveLength(2);
  });

  test('the default font may be one of the folder, and comes first there', async () => {
    const folder = await files({ 'A.sf2': fontFile([['Gong', 0, 1]]), 'B.sf2': fontFile([['Gong', 0, 2]]) });
    const config = { soundFontFolder: folder, defaultSoundFont: join(folder, 'B.sf2') };
    const catalogue = await openCatalogue(config, silentFont);
    expect(catalogue.list().soundFonts).toMatchObject([
      { name: 'B', default: true },
      { name: 'A', default: false },
    ]);
    expect((await catalogue.resolve(score(wants('Gong')))).parts[0]!.preset!.program).toBe(2);
  });

  test('two fonts of one name collide', async () => {
    const content = { 'fonts/strange.sf3': fontFile([['x', 0, 0]]) };
    await expect(server(content)).rejects.toMatchObject({ code: 'instrument-collision' });
  });

  test('a default font that cannot be used is an error', async () => {
    await expect(openCatalogue({ defaultSoundFont: '/nowhere.sf2' })).rejects.toMatchObject({
      code: 'invalid-sound-font',
    });
  });

  test('any damage to a font is found or harmless', async () => {
    const random = seededRandom(3);
    const whole = fontFile([...GM.slice(0, 5), ...DRUMS]);
    const folder = await files({});
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.from(whole.subarray(0, random() < 0.5 ? Math.floor(random() * whole.length) : whole.length));
      for (let hit = 0; hit < 4 && bytes.length > 0; hit++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      await writeFile(join(folder, 'x.sf2'), bytes);
      const presets = await readFontPresets(join(folder, 'x.sf2'), 'x').catch((error: unknown) => {
        expect(error).toHaveProperty('code', 'invalid-sound-font');
        return [];
      });
      expect(presets.length).toBeLessThan(2000);
    }
  });
});

describe('identity', () => {
  test('follows what is played, not what it is called', async () => {
    const content = { 'samples/Bell/Bell_60.wav': tone };
    const [one, two] = [await server(content), await server({ ...content, 'fonts/More.sf2': fontFile([['m', 0, 0]]) })];
    const identity = (name: string) => one.identity(score(wants(name)));
    expect(await identity('Violin')).toBe(await two.identity(score(wants('violin'))));
    expect(await identity('Bell')).toBe(await two.identity(score(wants('bell'))));
    const all = ['Violin', 'Viola', 'Bell', 'Default_Synth', 'test_synth', 'Gong Choir', 'Jazz Kit'];
    const digests = await Promise.all(all.map(identity));
    expect(new Set(digests).size).toBe(all.length);
    const changed = await server({ 'samples/Bell/Bell_60.wav': wavFile([sine(441, 4410)]) });
    expect(await changed.identity(score(wants('Bell')))).not.toBe(await identity('Bell'));
  });
});
