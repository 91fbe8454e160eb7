// Whole processes: from score and font on disk to a finished WAV, by our command line on one core and on two, and by fluidsynth.
//
//   npm run bench -- whole [MIDI files...]     fonts: WHOLE_FONTS=a.sf2,b.sf2; rounds: WHOLE_ROUNDS=5; ours alone: WHOLE_ONLY=ours
//
// Seconds by the clock and of CPU time, each the best of several rounds in turn, the files in the page cache. Ours writes 24 bits and normalises the
// peak, with reverb and chorus; fluidsynth renders as fast as it can with its effects (-R1 -C1) and without (-R0 -C0), 16 bits.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownScores } from './scores/own-scores.mjs';

const ROUNDS = Number(process.env.WHOLE_ROUNDS ?? 5);
const COMMAND = fileURLToPath(new URL('../packages/client/bin/musistrata-render.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bench-whole-'));
const out = join(folder, 'out.wav');
const files = [...process.argv.slice(2).filter((path) => existsSync(path)), ...ownScores(folder)];
const fonts = (process.env.WHOLE_FONTS ?? '/usr/share/sounds/sf2/TimGM6mb.sf2,/usr/share/sounds/sf2/FluidR3_GM.sf2')
  .split(',')
  .filter((path) => existsSync(path));
const cores = availableParallelism();

const ours = (core) => (font, file) => [
  'taskset',
  '-c',
  core,
  process.execPath,
  COMMAND,
  '-q',
  '--sound-font',
  font,
  file,
  '-o',
  out,
];
const fluidsynth = (effects) => (font, file) => {
  return ['fluidsynth', '-ni', '-q', `-R${effects}`, `-C${effects}`, '-r', '44100', '-F', out, font, file];
};
const programs = {
  one: ours('0'),
  ...(cores > 1 && { two: ours('0,1') }),
  ...(process.env.WHOLE_ONLY !== 'ours' && { wet: fluidsynth(1), dry: fluidsynth(0) }),
};

/** Wall clock and CPU seconds of a process. */
function time(command) {
  rmSync(out, { force: true });
  const { status, stderr } = spawnSync('bash', [
    '-c',
    'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1',
    '-',
    ...command,
  ]);
  if (status !== 0 || !existsSync(out)) return null;
  const [wall, user, system] = stderr
    .toString()
    .trim()
    .split(' ')
    .map((part) => Number(part.replace(',', '.')));
  return { wall, cpu: user + system };
}

const least = (a, b) => (b === null ? a : { wall: Math.min(a.wall, b.wall), cpu: Math.min(a.cpu, b.cpu) });
const seconds = (value) => (Number.isFinite(value) ? value.toFixed(2) : '-').padStart(7);
const pair = (best) => seconds(best?.wall) + seconds(best?.cpu);
const ratio = (a, b) => seconds(a && b && a.wall / b.wall);

for (const font of fonts) {
  console.log(`\n${basename(font)}: seconds by the clock, and of CPU time`);
  console.log(
    'file                         1 core    CPU  2 cores   CPU  fluid. wet CPU    dry    CPU  1 : 2  wet : 1  wet : 2',
  );
  for (const file of files) {
    readFileSync(font);
    const best = {};
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, command] of Object.entries(programs))
        best[name] = least(best[name] ?? { wall: Infinity, cpu: Infinity }, time(command(font, file)));
    const { one, two, wet, dry } = best;
    console.log(
      basename(file).slice(0, 26).padEnd(27) +
        [pair(one), pair(two), pair(wet), pair(dry)].join(' ') +
        ratio(one, two) +
        ratio(wet, one) +
        ratio(wet, two),
    );
  }
}
rmSync(folder, { recursive: true, force: true });
