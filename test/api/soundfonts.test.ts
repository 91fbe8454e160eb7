import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from './start-api.js';

const redis = useTestRedis('api-soundfonts');
let folder: string;
let font: Buffer<ArrayBuffer>;
let api: RunningApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fonts-'));
  const core = createRequire(import.meta.resolve('@musistrata/render-core'));
  font = await readFile(join(dirname(core.resolve('@coderline/alphatab')), 'soundfont', 'sonivox.sf2'));
  api = await startApi(redis, { SOUNDFONT_DIR: folder, MAX_SOUNDFONT_BYTES: String(font.length + 10) });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const upload = (name: string, body: Uint8Array<ArrayBuffer>) =>
  ask(`${api.url}/v1/soundfonts?name=${encodeURIComponent(name)}`, { method: 'POST', body });
const files = async () => (await readdir(folder, { recursive: true })).filter((name) => name !== '.incoming').sort();

describe('sound fonts', () => {
  test('must be listed with their presets', async () => {
    const { status, body } = await ask(`${api.url}/v1/soundfonts`);
    expect(status).toBe(200);
    const fonts = body.soundFonts as { name: string; default: boolean; presets: { program: number }[] }[];
    expect(fonts.find((listed) => listed.default)?.presets.length).toBeGreaterThan(100);
  });

  test('must be offered after the upload, and play by their name', async () => {
    expect(await upload('Little GM', font)).toMatchObject({
      status: 201,
      body: { name: 'Little GM', bytes: font.length },
    });
    expect(await files()).toEqual(['Little GM.sf2']);
    const named = (name: string) =>
      ask(`${api.url}/v1/renders?soundFont=${name}`, {
        method: 'POST',
        body: song(),
        headers: { 'Content-Type': 'application/json' },
      });
    expect((await named('little%20gm')).status).toBe(202);
    const unknown = await named('huge%20gm');
    expect(unknown).toMatchObject({
      status: 422,
      body: { code: 'unknown-sound-font', errors: [{ parameter: 'soundFont' }] },
    });
    expect(await upload('little gm', font)).toMatchObject({ status: 409, body: { code: 'soundfont-exists' } });
  });

  test('must be offered once when several of one name arrive together, in whatever case', async () => {
    const answers = await Promise.all(['Pair', 'pair', 'PAIR', 'pair'].map((name) => upload(name, font)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await files()).filter((name) => /pair/i.test(name))).toHaveLength(1);
    expect((await ask(`${api.url}/v1/soundfonts`)).status).toBe(200);
    await rm(join(folder, (await files()).find((name) => /pair/i.test(name)) ?? ''));
  });

  test.each(['gzip', 'br', 'deflate'])('must be refused when they are not %s as they say', async (encoding) => {
    const answer = await ask(`${api.url}/v1/soundfonts?name=packed`, {
      method: 'POST',
      body: font.subarray(0, 10_000),
      headers: { 'Content-Encoding': encoding },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed-encoding' } });
  });

  test.each<[string, () => Uint8Array<ArrayBuffer>, number, string]>([
    ['nothing', () => Buffer.alloc(0), 400, 'body-missing'],
    ['text', () => Buffer.from('not a font at all'), 422, 'soundfont-unreadable'],
    ['a WAV file', () => Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), 422, 'soundfont-unreadable'],
    ['the first half of a font', () => font.subarray(0, font.length / 2), 422, 'soundfont-unreadable'],
    ['only the head of a font', () => font.subarray(0, 12), 422, 'soundfont-unreadable'],
    ['a font with lengths that lie', () => lying(font), 422, 'soundfont-unreadable'],
    ['more than the limit', () => Buffer.concat([font, Buffer.alloc(11)]), 413, 'body-too-large'],
  ])('must be refused without a trace if the upload is %s', async (_title, bytes, status, code) => {
    const before = await files();
    expect(await upload('Refused', bytes())).toMatchObject({ status, body: { code } });
    expect(await files()).toEqual(before);
    expect((await ask(`${api.url}/livez`)).status).toBe(200);
  });

  test.each(['../escape', 'a/b', 'a\\b', '.hidden', '', 'a\0b', 'x'.repeat(101), 'name.sf2'])(
    'must be refused with the name %j',
    async (name) => {
      expect(await upload(name, font)).toMatchObject({ status: 400, body: { code: 'parameters-invalid' } });
    },
  );
});

describe('instruments', () => {
  test('must be listed by name, and searched', async () => {
    const { body } = await ask(`${api.url}/v1/instruments?search=vibra`);
    const found = body.instruments as { name: string; preset: { program: number } }[];
    expect(found.find(({ name }) => name === 'Vibraphone')?.preset.program).toBe(11);
    expect(found.every(({ name }) => name.toLowerCase().includes('vibra'))).toBe(true);
  });

  test('must be refused at once if unknown, with the nearest names and the place in the request', async () => {
    const score = JSON.parse(song()) as { Tracks: { Instrument: string }[] };
    score.Tracks[0]!.Instrument = 'Vibrafone';
    const answer = await ask(`${api.url}/v1/renders`, {
      method: 'POST',
      body: JSON.stringify({ score }),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'unknown-instrument',
        errors: [{ pointer: '/score/Tracks/0/Instrument', message: expect.stringContaining('Vibraphone') }],
      },
    });
  });
});

/** The font with the sizes of its chunks turned into nonsense. */
function lying(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  for (const id of ['sdta', 'pdta', 'shdr', 'ibag']) {
    const at = copy.indexOf(id);
    if (at > 8) copy.writeUInt32LE(0x7fffffff, id === 'sdta' || id === 'pdta' ? at - 4 : at + 4);
  }
  return copy;
}
