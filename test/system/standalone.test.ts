import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { oneTone, submit, upload } from '../api/samples/samples-rig.js';
import { REPOSITORY, RunningStack } from './stack.js';

const run = promisify(execFile);
const oneNote = (octave: number) =>
  JSON.stringify({
    Tempo: 240,
    Tracks: [
      {
        Instrument: 'Default_Synth',
        Bars: [{ SoundEvents: [{ Beat: 0, Duration: 1, Note: { Name: 'A', Octave: octave } }] }],
      },
    ],
  });

/** Runs a line as it stands in a shell. Where curl is missing (never in the gate), what the line says is sent without it. */
async function paste(line: string, file: string): Promise<void> {
  const hasCurl = await run('curl', ['--version']).then(
    () => true,
    () => process.env.CI !== undefined,
  );
  if (hasCurl) {
    await run('sh', ['-c', line], { cwd: REPOSITORY });
    return;
  }
  const [, url] = /^curl -s (\S+) /.exec(line)!;
  const headers = [...line.matchAll(/ -H '([^:]+): ([^']+)'/g)].map(([, name, value]): [string, string] => [
    name!,
    value!,
  ]);
  const [, body] = / -d @(\S+) /.exec(line)!;
  const answer = await fetch(url!, { method: 'POST', headers, body: await readFile(join(REPOSITORY, body!)) });
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
}

describe('npm start', () => {
  let stack: RunningStack;

  beforeAll(async () => {
    stack = await RunningStack.start();
  }, 90_000);

  afterAll(async () => {
    await stack.endAndForget();
  }, 60_000);

  test('says where it is and which Redis it uses', () => {
    expect(stack.text).toContain(stack.url);
    expect(stack.text).toMatch(
      process.env.TEST_REDIS === 'embedded' ? /queue +embedded/ : /queue +(redis|valkey|embedded)/,
    );
  });

  test('refuses an address where another stack answers already, and names the setting', async () => {
    const environment = { ...process.env, PORT: new URL(stack.url).port, DATA_DIR: join(stack.dataFolder, 'second') };
    const second = run(process.execPath, ['apps/standalone/dist/main.js'], { cwd: REPOSITORY, env: environment });
    await expect(second).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/Port \d+ .*PORT/),
    });
  }, 60_000);

  test('refuses a data folder that cannot be made, and names the setting', async () => {
    const environment = { ...process.env, PORT: '8080', DATA_DIR: join(REPOSITORY, 'package.json', 'data') };
    const second = run(process.execPath, ['apps/standalone/dist/main.js'], { cwd: REPOSITORY, env: environment });
    await expect(second).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('DATA_DIR') });
  }, 60_000);

  test.each([
    [
      'of launcher, API and worker together',
      { WORKERS: '0', LINK_SECONDS: '1', THREAD_MEGABYTES: '1', CATALOGUE_FILES: '/no/such.json' },
    ],
    ['found by the services themselves', { DEFAULT_SOUNDFONT: join(REPOSITORY, 'package.json') }],
    ['of a folder whose file system makes none', { DATA_DIR: '/proc/renders' }],
  ])(
    'ends at once for settings that cannot work, naming all of them: %s',
    async (_what, settings) => {
      const environment = { ...process.env, PORT: '8080', DATA_DIR: join(stack.dataFolder, 'third'), ...settings };
      const failed = await run(process.execPath, ['apps/standalone/dist/main.js'], {
        cwd: REPOSITORY,
        env: environment,
        timeout: 30_000,
      }).then(
        () => null,
        (error: { code: number; stderr: string }) => error,
      );
      expect(failed?.code).toBe(1);
      for (const name of Object.keys(settings))
        expect(failed?.stderr).toMatch(
          name === 'DEFAULT_SOUNDFONT' ? /package cannot be used/ : new RegExp(`\\b${name}\\b`),
        );
      // For people: no place in the code.
      expect(failed?.stderr).not.toMatch(/^\s+at /m);
    },
    60_000,
  );

  test('prints a curl line that makes a file when it is pasted', async () => {
    const line = stack.text.split('\n').find((text) => text.trim().startsWith('curl'));
    const file = join(stack.dataFolder, 'pasted.wav');
    await paste(line!.trim().replace(/-o \S+$/, `-o '${file}'`), file);
    const wav = await readFile(file);
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    // Two bars of four beats at 96, and two seconds.
    const seconds = wav.readUInt32LE(wav.indexOf('data') + 4) / wav.readUInt32LE(28);
    expect(seconds).toBeCloseTo((8 * 60) / 96 + 2, 1);
  }, 60_000);

  test('gives the demo of the first version as t1.wav: ten seconds of audio/wav', async () => {
    const response = await fetch(`${stack.url}/t1.wav`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(response.headers.get('content-disposition')).toContain('filename="t1.wav"');
    const wav = Buffer.from(await response.arrayBuffer());
    expect(wav.readUInt32LE(wav.indexOf('data') + 4) / wav.readUInt32LE(28)).toBe(10);
  }, 60_000);

  test('takes uploads and plays them, without any settings', async () => {
    expect(await upload(stack.url, 'Tuning Fork', oneTone())).toMatchObject({ status: 201 });
    const { body } = await submit(stack.url, 'Tuning Fork');
    const ended = await fetch(`${stack.url}/v1/renders/${String(body.id)}?wait=30`);
    expect(await ended.json()).toMatchObject({ status: 'succeeded', warnings: [] });
  }, 60_000);

  test('serves 64 clients at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const response = await fetch(`${stack.url}/v1/renders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'audio/wav', prefer: 'wait=60' },
          body: oneNote(index % 9),
        });
        const body = Buffer.from(await response.arrayBuffer());
        return { status: response.status, start: body.toString('latin1', 0, 4) };
      }),
    );
    expect(answers).toEqual(Array.from({ length: 64 }, () => ({ status: 200, start: 'RIFF' })));
  }, 120_000);

  test('ends, and says why, when a service cannot start again', async () => {
    const folder = join(stack.dataFolder, 'third');
    const keys = join(stack.dataFolder, 'keys.txt');
    await writeFile(keys, `me submit,read ${'0'.repeat(64)}\n`);
    const third = await RunningStack.start(folder, {
      API_KEYS_FILE: keys,
      LINK_SECRETS: 'a-secret-that-is-longer-than-it-needs-to-be',
      SHUTDOWN_SECONDS: '5',
    });
    await writeFile(keys, 'me everything\n');
    process.kill(await third.child('apps/api/dist/main.js'), 'SIGKILL');
    expect(await third.ended).toBe(1);
    expect(third.text).toContain('The api cannot start with these settings. Stopping.');
  }, 120_000);

  test('leaves nothing running after a second Ctrl-C, whatever is being rendered', async () => {
    const impatient = await RunningStack.start(join(stack.dataFolder, 'impatient'));
    const note = { Note: { Name: 'A', Octave: 4 } };
    const Bars = Array.from({ length: 3500 }, () => ({ SoundEvents: Array.from({ length: 12 }, () => note) }));
    const long = { Tempo: 120, Tracks: [{ Instrument: 'Default_Synth', Bars }] };
    const posted = await fetch(`${impatient.url}/v1/renders`, { method: 'POST', body: JSON.stringify(long) });
    const { id } = (await posted.json()) as { id: string };
    const status = async () => (await (await fetch(`${impatient.url}/v1/renders/${id}`)).json()) as { status: string };
    while ((await status()).status !== 'rendering') await new Promise((resolve) => setTimeout(resolve, 50));
    const children = await impatient.children();
    expect(children.length).toBeGreaterThanOrEqual(3);
    impatient.signal('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await impatient.end('SIGINT')).toBe(130);
    const alive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    expect(children.filter(alive)).toEqual([]);
  }, 120_000);

  test('finds queue and files again after Ctrl-C', async () => {
    const posted = await fetch(`${stack.url}/v1/renders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=30' },
      body: oneNote(4),
    });
    expect(posted.status).toBe(201);
    const render = (await posted.json()) as { id: string; audio: { sha256: string } };
    expect(await stack.end('SIGINT')).toBe(0);
    await expect(fetch(`${stack.url}/livez`)).rejects.toThrow();

    stack = await RunningStack.start(stack.dataFolder);
    const again = await fetch(`${stack.url}/v1/renders/${render.id}/audio`);
    expect(again.status).toBe(200);
    expect(again.headers.get('etag')).toBe(`"${render.audio.sha256}"`);
  }, 120_000);
});
