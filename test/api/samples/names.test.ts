import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { inTurn } from '@musistrata/api';
import { openCatalogue } from '@musistrata/render-core';
import { useTestRedis } from '../../redis/test-redis.js';
import { ask, type RunningApi, startApi } from '../start-api.js';
import { oneTone, remove, sfz, tone, upload, useUploadFolder } from './samples-rig.js';

const redis = useTestRedis('api-samples-names');
const samples = useUploadFolder();
let api: RunningApi;
let other: RunningApi;

const formula = { type: 'formula', name: 'Glass Pluck', terms: [{ expression: 'sine(frequency, time)' }] };

beforeAll(async () => {
  const catalogue = join(samples.folder, '..', `catalogue-${process.pid}.json`);
  await writeFile(catalogue, JSON.stringify({ instruments: [formula] }));
  const environment = { SAMPLES_DIR: samples.folder, CATALOGUE_FILES: catalogue };
  api = await startApi(redis, environment);
  other = await startApi(redis, environment);
  redis.closing({ close: () => rm(catalogue) });
});

/** What a start of API or worker does with the folder. */
const start = () => openCatalogue({ defaultSoundFont: null, samplesFolder: samples.folder });
const withSfz = (...names: string[]) => [
  ...names.map((name) => ({ name: `${name}.sfz`, data: sfz('a.wav') })),
  { name: 'a.wav', data: tone(440, 0.1) },
];
const refused = { status: 409, body: { code: 'instrument-exists' } };

describe('the name of samples', () => {
  test('must be given once when several uploads of it arrive together at several processes, in whatever case', async () => {
    const names = ['Pair of', 'pair-of', 'PAIR OF', 'Pair of', 'pairof', 'Pair_of'];
    const answers = await Promise.all(
      names.map((name, index) => upload((index % 2 === 0 ? api : other).url, name, oneTone())),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect((await samples.files()).filter((name) => /pair/i.test(name) && !name.includes('/'))).toHaveLength(1);
    for (const { body } of answers.filter(({ status }) => status === 409)) expect(body.code).toBe('instrument-exists');
    await start();
  }, 60_000);

  test('must be given once to SFZ files in archives of different names', async () => {
    const answers = await Promise.all(
      ['Box 1', 'Box 2', 'Box 3'].map((name, index) =>
        upload((index % 2 === 0 ? api : other).url, name, withSfz('Same Tine', `Own ${name}`)),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const lost = answers.find(({ status }) => status === 409)!;
    expect(lost.body).toMatchObject({ code: 'instrument-exists', detail: expect.stringContaining('Same Tine') });
    await start();
  }, 60_000);

  test.each([
    ['of General MIDI', 'violin', /"Violin" \(general-midi\)/],
    ['of a drum kit', 'Jazz Kit', /drum-kit/],
    ['of a formula in a catalogue file', 'glass-pluck', /"Glass Pluck" \(catalogue\)/],
    ['built in', 'Default Synth', /"Default_Synth" \(built-in\)/],
    ['of other samples', 'PAIR of', /Pair|pair|PAIR/],
    ['of an SFZ file among several', 'Same tine', /"Same Tine" \(samples-folder\)/],
  ])('must not be one %s', async (_title, name, detail) => {
    const before = await samples.files();
    const answer = await upload(api.url, name, oneTone());
    expect(answer).toMatchObject(refused);
    expect(answer.body.detail).toMatch(detail);
    expect(await samples.files()).toEqual(before);
  });

  test.each([
    ['a General MIDI name', ['Trumpet', 'Fine'], 409],
    ['the name of a formula', ['Glass Pluck', 'Fine'], 409],
    ['one name, for the catalogue', ['Fine Tine', 'fine-tine'], 409],
    ['a name without letters or digits', ['---', 'Fine'], 422],
  ])('must not be the way for SFZ files to have %s', async (_title, names, status) => {
    const before = await samples.files();
    expect(await upload(api.url, 'Several', withSfz(...names))).toMatchObject({ status });
    expect(await samples.files()).toEqual(before);
    await start();
  });

  test('must not be that of a folder that holds no instrument yet', async () => {
    await mkdir(join(samples.folder, 'Being filled'));
    expect(await upload(api.url, 'being filled', oneTone())).toMatchObject(refused);
    expect(await samples.files()).toContain('Being filled');
    await rm(join(samples.folder, 'Being filled'), { recursive: true });
  });

  test('must be free again once they are removed', async () => {
    expect((await upload(api.url, 'Again', oneTone())).status).toBe(201);
    expect((await remove(other.url, '/v1/samples/again')).status).toBe(204);
    expect((await upload(api.url, 'AGAIN', oneTone(450))).status).toBe(201);
    expect((await remove(api.url, '/v1/samples/Again')).status).toBe(204);
  });

  test('must be listed at every process as soon as it is given', async () => {
    expect((await upload(api.url, 'Listed', oneTone())).status).toBe(201);
    const { body } = await ask(`${other.url}/v1/instruments?search=listed`);
    expect(body.instruments).toMatchObject([{ name: 'Listed', kind: 'samples', origin: 'samples-folder' }]);
  });
});

describe('what happens in turn', () => {
  test('must never happen at once, and must go on when one fails', async () => {
    let inside = 0;
    const done = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        inTurn(samples.folder, async () => {
          expect(++inside).toBe(1);
          await new Promise((resolve) => setTimeout(resolve, 20));
          inside--;
          if (index === 3) throw new Error('one of them');
        }),
      ),
    );
    expect(done.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
  });

  test('must go on after a process that died in its turn', async () => {
    await writeFile(join(samples.folder, '.incoming', 'lock'), '');
    const times = await Promise.all([1, 2, 3].map(() => inTurn(samples.folder, async () => performance.now())));
    expect(new Set(times).size).toBe(3);
    expect((await samples.files()).filter((name) => name.startsWith('.incoming'))).toEqual([]);
  });
});
