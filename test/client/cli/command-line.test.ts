import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runHere } from './run-command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-'));
});
afterEach(() => rm(folder, { recursive: true }));

const song = JSON.stringify({
  Tempo: 120,
  Tracks: [{ Name: 'Lead', Instrument: 'Violin', Bars: [{ SoundEvents: [{ Note: { Name: 'A', Octave: 5 } }] }] }],
});

describe('a command line that makes no sense ends with 2 and says why', () => {
  test.each([
    [[], /Name a score/],
    [['--fromat', 'wav', 'a.mid'], /no --fromat\. Did you mean --format/],
    [['a.mid', '--set', 'quality'], /NAME=VALUE/],
    [['-', '-'], /once only/],
    [['a.mid', 'b.mid', '-o', '-'], /one score only/],
    [['a.mid', '-o', 'no/such/folder/a.wav'], /does not exist/],
    [['x/a.mid', 'y/a.mid'], /a\.wav, where the audio of y\/a\.mid would go/],
    [['a.wav'], /is a score itself/],
    [['a.mid', '-o', '-', '--stems'], /several files/],
    [['a.mid', '-o', '-', '--json'], /standard output/],
    [['a.mid', '--server', 'localhost:8080'], /must be a URL/],
    [['a.mid', '--options', 'missing.json'], /missing\.json/],
    [['a.mid', '--list-instruments'], /takes no scores/],
  ])('%j', async (args, reason) => {
    const { exit, output, errors } = await runHere(args);
    expect([exit, String(output)]).toEqual([2, '']);
    expect(errors).toMatch(reason);
  });
});

test('options are refused all at once, with their places and the nearest names', async () => {
  await writeFile(join(folder, 'o.json'), '{"master": {"peakDB": 0}}');
  const args = [
    'a.mid',
    '--options',
    join(folder, 'o.json'),
    '--sample-rate',
    '5',
    '--loudness',
    '-99',
    '--set',
    'qualty=high',
  ];
  const { exit, errors } = await runHere(args);
  expect(exit).toBe(3);
  expect(errors).toMatch(/4 options/);
  expect(errors).toMatch(/\/sampleRate: .*8000.*5/);
  expect(errors).toMatch(/\/master\/loudnessLufs: .*-99/);
  expect(errors).toMatch(/\/qualty: is not known here; did you mean quality\?/);
  expect(errors).toMatch(/\/master\/peakDB: is not known here; did you mean peakDb\?/);
});

test('--list-options names every option with its values and its default', async () => {
  const lines = String((await runHere(['--list-options'])).output).split('\n');
  expect(lines.find((line) => line.startsWith('master.normalize'))).toMatch(/none \| peak \| loudness +.*"peak"/);
  expect(lines.find((line) => line.startsWith('parts.N.pan'))).toMatch(/0\.\.1/);
  expect(lines.find((line) => line.startsWith('master.effects.N.type'))).toMatch(/echo \| reverb/);
});

describe('--parse', () => {
  test('says what a score holds', async () => {
    const { exit, output } = await runHere(['--parse', '-'], { input: song });
    expect(exit).toBe(0);
    expect(String(output)).toMatch(/musistrata.*0:02, 1 part, 1 note\n +0 +Lead +Violin +1 note +keys 69 to 69/);
  });

  test('says it as JSON too', async () => {
    const { output } = await runHere(['--parse', '--json', '-'], { input: song });
    expect(JSON.parse(String(output))).toMatchObject({
      score: { partCount: 1, durationSeconds: 2 },
      parts: [{ lowestKey: 69 }],
    });
  });

  test('goes on after a score that cannot be read, and ends with 3', async () => {
    await writeFile(join(folder, 'bad.json'), '{"Tracks": [{"Bars": [{"SoundEvents": [{"Duration": -1}]}]}]}');
    await writeFile(join(folder, 'good.json'), song);
    const { exit, output, errors } = await runHere([
      '--parse',
      ...['none.mid', 'bad.json', '.', 'good.json'].map((name) => join(folder, name)),
    ]);
    expect(exit).toBe(3);
    expect(errors).toMatch(/none\.mid: no such file/);
    expect(errors).toMatch(/bad\.json: .*\[score-invalid\]\n {2}\/Tracks\/0\/Bars\/0\/SoundEvents\/0\/Duration: /);
    expect(errors).toMatch(/\/Tracks\/0\/Bars\/0\/SoundEvents\/0\/Note: /);
    expect(String(output)).toMatch(/^\S+good\.json: musistrata/);
  });
});
