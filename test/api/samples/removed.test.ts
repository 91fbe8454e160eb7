import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeKey } from '@musistrata/api';
import { standardCatalogue } from '@musistrata/render-core';
import { useTestRedis } from '../../redis/test-redis.js';
import { simpleFont, sineSample } from '../../render-core/synth/make-font.js';
import { ask, type RunningApi, startApi } from '../start-api.js';
import { oneTone, remove, sfz, submit, tone, upload, useUploadFolder } from './samples-rig.js';

const smallFont = new Uint8Array(simpleFont(sineSample(440, 0.1)));
const redis = useTestRedis('api-samples-removed');
const samples = useUploadFolder();
const fonts = useUploadFolder();
let api: RunningApi;

const layered = {
  type: 'layers',
  name: 'Two Bells',
  layers: [{ instrument: 'Needed Bell' }, { instrument: 'Needed Bell', transpose: 12 }],
};
const preset = { type: 'preset', name: 'House Tone', soundFont: 'Needed Font', program: 0 };
const refused = { status: 409, body: { code: 'sound-not-removable' } };

beforeAll(async () => {
  await mkdir(join(samples.folder, 'Needed Bell'));
  await writeFile(join(samples.folder, 'Needed Bell', 'Bell_60.wav'), tone(261.6, 0.1));
  await copyFile(standardCatalogue().defaultSoundFont ?? '', join(fonts.folder, 'House.sf2'));
  await writeFile(join(fonts.folder, 'Needed Font.sf2'), smallFont);
  const catalogue = join(samples.folder, '..', `needing-${process.pid}.json`);
  await writeFile(catalogue, JSON.stringify({ instruments: [layered, preset] }));
  api = await startApi(redis, {
    SAMPLES_DIR: samples.folder,
    SOUNDFONT_DIR: fonts.folder,
    DEFAULT_SOUNDFONT: join(fonts.folder, 'House.sf2'),
    CATALOGUE_FILES: catalogue,
  });
  redis.closing({ close: () => rm(catalogue) });
});

const uploadFont = (name: string) =>
  ask(`${api.url}/v1/soundfonts?name=${encodeURIComponent(name)}`, { method: 'POST', body: smallFont });

describe('removing samples', () => {
  test('must leave nothing of them, and do nothing the next time', async () => {
    const before = await samples.files();
    expect((await upload(api.url, 'Short lived', oneTone())).status).toBe(201);
    for (const name of ['short-lived', 'Short%20lived', 'Never%20there'])
      expect((await remove(api.url, `/v1/samples/${name}`)).status).toBe(204);
    expect(await samples.files()).toEqual(before);
    expect((await submit(api.url, 'Short lived')).body).toMatchObject({ code: 'unknown-instrument' });
  });

  test('must remove what was put there by hand: folders, SFZ files beside them and links', async () => {
    const before = await samples.files();
    await writeFile(join(samples.folder, 'Beside.sfz'), sfz('Needed Bell/Bell_60.wav'));
    await symlink(join(samples.folder, 'Needed Bell', 'Bell_60.wav'), join(samples.folder, 'Linked.sfz'));
    expect((await ask(`${api.url}/v1/samples`)).body.samples).toMatchObject([
      { name: 'Beside', type: 'sfz', instruments: ['Beside'], files: 1 },
      { name: 'Linked' },
      { name: 'Needed Bell', type: 'samples', files: 1 },
    ]);
    for (const name of ['Beside', 'Linked']) expect((await remove(api.url, `/v1/samples/${name}`)).status).toBe(204);
    expect(await samples.files()).toEqual(before);
  });

  test.each([
    ['what a catalogue file needs', 'Needed%20Bell', /Two Bells.*Needed Bell/],
    ['an instrument of a catalogue file', 'Two%20Bells', /folder that samples are uploaded to/],
    ['one of General MIDI', 'Violin', /folder that samples are uploaded to/],
  ])('must refuse %s', async (_title, name, detail) => {
    const before = await samples.files();
    const answer = await remove(api.url, `/v1/samples/${name}`);
    expect(answer).toMatchObject(refused);
    expect(answer.body.detail).toMatch(detail);
    expect(await samples.files()).toEqual(before);
  });

  test('must refuse one of several SFZ files that came together', async () => {
    const files = ['Upper', 'Lower'].map((name) => ({ name: `${name}.sfz`, data: sfz('a.wav') }));
    await upload(api.url, 'Both', [...files, { name: 'a.wav', data: tone(440, 0.1) }]);
    expect(await remove(api.url, '/v1/samples/Upper')).toMatchObject(refused);
    expect((await remove(api.url, '/v1/samples/Both')).status).toBe(204);
  });

  test.each(['..', '%2e%2e', '..%2F..%2Fetc', '.incoming', '%00'])('must stay in the folder: %s', async (name) => {
    const before = await samples.files();
    expect([204, 400, 404, 405]).toContain((await remove(api.url, `/v1/samples/${name}`)).status);
    expect(await samples.files()).toEqual(before);
  });
});

describe('removing sound fonts', () => {
  test('must leave nothing of them, and do nothing the next time', async () => {
    const before = await fonts.files();
    expect((await uploadFont('Short lived')).status).toBe(201);
    for (const name of ['short-lived', 'Short%20lived', 'Never%20there'])
      expect((await remove(api.url, `/v1/soundfonts/${name}`)).status).toBe(204);
    expect(await fonts.files()).toEqual(before);
    const unknown = await submit(api.url, 'Violin', '?soundFont=Short%20lived');
    expect(unknown.body).toMatchObject({ code: 'unknown-sound-font' });
  });

  test('must free their names, which case and punctuation do not tell apart', async () => {
    expect((await uploadFont('One Name')).status).toBe(201);
    expect(await uploadFont('one-name')).toMatchObject({ status: 409, body: { code: 'soundfont-exists' } });
    expect((await remove(api.url, '/v1/soundfonts/ONE%20NAME')).status).toBe(204);
    expect((await uploadFont('one-name')).status).toBe(201);
  });

  test('must refuse the default font and what a catalogue file needs', async () => {
    const before = await fonts.files();
    for (const name of ['House', 'Needed%20Font'])
      expect(await remove(api.url, `/v1/soundfonts/${name}`)).toMatchObject(refused);
    expect(await fonts.files()).toEqual(before);
  });

  test('must refuse a font that is not in the folder of fonts', async () => {
    const plain = await startApi(redis);
    const { body } = await ask(`${plain.url}/v1/soundfonts`);
    for (const { name } of body.soundFonts as { name: string }[])
      expect(await remove(plain.url, `/v1/soundfonts/${name}`)).toMatchObject(refused);
  });
});

test('uploading and removing must need the scope admin', async () => {
  const writer = makeKey('writer', ['submit', 'read']);
  const admin = makeKey('admin', ['admin']);
  const guarded = await startApi(redis, {
    API_KEYS: `${writer.line};${admin.line}`,
    LINK_SECRETS: 'a-secret-of-at-least-thirty-two-characters',
    SAMPLES_DIR: samples.folder,
    SOUNDFONT_DIR: fonts.folder,
  });
  const before = await samples.files();
  const bearer = ({ key }: { key: string }) => ({ Authorization: `Bearer ${key}` });
  const forbidden = { status: 403, body: { code: 'forbidden' } };
  expect(await upload(guarded.url, 'Guarded', oneTone(), bearer(writer))).toMatchObject(forbidden);
  expect(await upload(guarded.url, 'Guarded', oneTone())).toMatchObject({ status: 401 });
  for (const path of ['/v1/samples/Needed%20Bell', '/v1/soundfonts/House'])
    expect(await remove(guarded.url, path, bearer(writer))).toMatchObject(forbidden);
  expect(await samples.files()).toEqual(before);
  expect((await ask(`${guarded.url}/v1/samples`, { headers: bearer(writer) })).status).toBe(200);
  expect((await upload(guarded.url, 'Guarded', oneTone(), bearer(admin))).status).toBe(201);
  expect((await remove(guarded.url, '/v1/samples/Guarded', bearer(admin))).status).toBe(204);
});
