import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { output } from '../../render-core/audio/programs.js';
import { commandPath, runCommand, runHere } from './run-command.js';
import { scale } from './songs.js';

// Renders compute: on a busy machine that takes its time.
jest.setTimeout(120_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('without a server', () => {
  test('a song becomes the file that the result describes', async () => {
    const path = join(folder, 'scale.wav');
    const args = ['-', '-o', path, '--json', '--sample-rate', '22050', '--set', 'tail=exact'];
    const run = await runHere(args, { input: scale(3) });
    expect([run.exit, run.errors]).toEqual([0, '']);
    const bytes = await readFile(path);
    const result = JSON.parse(String(run.output));
    expect(result.audio).toMatchObject({
      path,
      bytes: bytes.length,
      sha256: sha256(bytes),
      sampleRate: 22050,
      durationSeconds: 6,
    });
    // RIFF, WAVE, and 6 s of 24-bit stereo.
    expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 12)).toBe('RIFFWAVE');
    expect(bytes.length - 6 * 22050 * 6).toBeLessThan(1000);
    expect(result.audio.loudnessLufs).toBeLessThan(-5);
    expect(result.id).toBeNull();
  });

  test('the same song gives the same bytes', async () => {
    const run = () => runHere(['-', '-o', '-'], { input: scale(1) });
    const [first, second] = [await run(), await run()];
    expect(first.output.length).toBeGreaterThan(1e5);
    expect(first.output.equals(second.output)).toBe(true);
  });

  test('the name of the file decides its format', async () => {
    const args = ['-', '--set', 'tail=exact', '-q', '-o'];
    for (const [name, magic] of [
      ['a.flac', 'fLaC'],
      ['a.opus', 'OggS'],
    ] as const) {
      expect(await runHere([...args, join(folder, name)], { input: scale(1) })).toMatchObject({ exit: 0, errors: '' });
      expect((await readFile(join(folder, name))).toString('latin1', 0, 4)).toBe(magic);
    }
  });

  test('several scores go to a folder, stems beside each, and one that is refused stops none', async () => {
    const scores = { 'a.json': scale(1), 'b.json': scale(1, 'Vilion'), 'c.json': scale(1, 'Violin') };
    for (const [name, text] of Object.entries(scores)) await writeFile(join(folder, name), text);
    const paths = Object.keys(scores).map((name) => join(folder, name));
    const { exit, errors } = await runHere([...paths, '--stems', '-o', join(folder, 'out/')]);
    expect(exit).toBe(3);
    expect(errors).toMatch(/b\.json: .*\n {2}\/Tracks\/0\/Instrument: .*Violin/);
    expect((await readdir(join(folder, 'out'))).toSorted()).toEqual(['a.stems', 'a.wav', 'c.stems', 'c.wav']);
    expect((await readdir(join(folder, 'out/a.stems'))).toSorted()).toEqual(['01 Right hand.wav', '02 Left hand.wav']);
  });

  test('a sound font can be named by its file', async () => {
    const library = createRequire(import.meta.resolve('@musistrata/render-core')).resolve('@coderline/alphatab');
    const font = join(dirname(library), 'soundfont', 'sonivox.sf2');
    const { exit, output: audio, errors } = await runHere(['-', '--sound-font', font], { input: scale(1) });
    expect([exit, errors]).toEqual([0, '']);
    expect(audio.length).toBeGreaterThan(1e5);
    const missing = await runHere(['-', '--sound-font', 'sonivok'], { input: scale(1) });
    expect(missing.exit).toBe(3);
    expect(missing.errors).toMatch(/\/soundFont: .*sonivox/);
  });

  test('--list-instruments names what songs can ask for', async () => {
    const { exit, output: list } = await runHere(['--list-instruments']);
    expect(exit).toBe(0);
    expect(String(list)).toMatch(/^Acoustic Grand Piano +soundfont/m);
    const json = await runHere(['--list-instruments', '--json']);
    expect(JSON.parse(String(json.output))).toContainEqual(
      expect.objectContaining({ name: 'Violin', kind: 'soundfont' }),
    );
  });

  test('a terminal sees progress and a summary, a pipe sees neither', async () => {
    const shown: string[] = [];
    const terminal = { isTTY: true, columns: 100, write: (text: string) => shown.push(text) };
    const { exit } = await runHere(['-', '-o', join(folder, 'a.wav'), '--sample-rate', '8000'], {
      input: scale(60),
      standardError: terminal,
    });
    expect(exit).toBe(0);
    expect(shown.some((text) => /standard input {2}\[=* *\] +\d+ % {2}\d:\d\d of 2:\d\d/.test(text))).toBe(true);
    expect(shown.at(-1)).toMatch(/^standard input -> .*a\.wav: 2:0\d, \d+\.\d MB, -\d+\.\d LUFS, in \d+\.\d s\n$/);
  });
});

test('a device is written to, a link leads to its file, and neither is replaced', async () => {
  expect(await runHere(['-', '-o', '/dev/null'], { input: scale(1) })).toMatchObject({ exit: 0, errors: '' });
  expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  await writeFile(join(folder, 'real.wav'), 'old');
  await symlink(join(folder, 'real.wav'), join(folder, 'link.wav'));
  expect(await runHere(['-', '-o', join(folder, 'link.wav')], { input: scale(1) })).toMatchObject({ exit: 0 });
  expect((await lstat(join(folder, 'link.wav'))).isSymbolicLink()).toBe(true);
  expect((await readFile(join(folder, 'real.wav'))).toString('latin1', 0, 4)).toBe('RIFF');
});

test('a folder that cannot be written to is a fault of this machine', async () => {
  const { exit, errors } = await runHere(['-', '-o', '/proc/a.wav'], { input: scale(1) });
  expect(exit).toBe(1);
  expect(errors).toMatch(/^musistrata-render: standard input: \/proc/);
});

test('Ctrl-C in the middle of a render leaves nothing and ends with 130', async () => {
  await mkdir(join(folder, 'out'));
  const {
    exit,
    errors,
    output: audio,
  } = await runCommand(['-', '-o', 'out/a.wav'], {
    folder,
    input: scale(3000),
    running: async (child) => {
      // The folder where the render is made shows that it has begun.
      while ((await readdir(join(folder, 'out'))).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      setTimeout(() => child.kill('SIGINT'), 300);
    },
  });
  expect([exit, errors, audio.length]).toEqual([130, '', 0]);
  expect(await readdir(join(folder, 'out'))).toEqual([]);
});

test('a reader of standard output that has had enough is no failure', async () => {
  const { exit, errors } = await runCommand(['-'], {
    input: scale(5),
    running: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
  });
  expect([exit, errors]).toEqual([0, '']);
});

test('works between pipes: ... | musistrata-render - -o - | ffprobe -', async () => {
  await writeFile(join(folder, 'song.json'), scale(2));
  const node = `"${process.execPath}"`;
  const render = `${node} -e "fs.createReadStream('song.json').pipe(process.stdout)" | ${node} "${commandPath}" - -o - --set tail=exact`;
  if (output('ffprobe', '-version') !== null) {
    const probe = 'ffprobe -v error -of csv=p=0 -show_entries stream=codec_name,sample_rate,channels -';
    expect(await shell(`${render} | ${probe}`)).toBe('pcm_s24le,44100,2\n');
  } else {
    expect(await shell(`${render} | ${node} -p "fs.readFileSync(0).toString('latin1', 8, 12)"`)).toBe('WAVE\n');
  }
});

/** What a pipeline prints; every error of its commands too. */
function shell(line: string): Promise<string> {
  const child = spawn('sh', ['-c', line], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  return new Promise((resolve) => child.on('close', () => resolve(printed)));
}
