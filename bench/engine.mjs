// Speed of the synthesis engine on one core, side by side with fluidsynth, spessasynth_core and timidity.
//
//   npm run bench -- engine [folder or MIDI files...]     fonts: ENGINE_FONTS=a.sf2,b.sf2; window: ENGINE_SECONDS=60
//
// CPU time, best of several rounds in turn. Ours and spessasynth are measured with the font loaded and the code warm; the programs' start
// and font load are taken off by rendering an empty file.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { loadSoundFont, parseScore } from '@musistrata/render-core';
import { SendEffects } from '@musistrata/render-core/mix/send-effects.js';
import { midiFile, ownScores } from './scores/own-scores.mjs';

const RATE = 44100;
const BLOCK = 1024;
const ROUNDS = 3;
const seconds = Number(process.env.ENGINE_SECONDS ?? 60);
const folder = mkdtempSync(join(tmpdir(), 'bench-engine-'));
const require = createRequire(new URL('../packages/render-core/package.json', import.meta.url));

const given = process.argv.slice(2).filter((path) => existsSync(path));
const files = [
  ...given.flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => /\.midi?$/i.test(name))
          .map((name) => join(path, name))
      : [path],
  ),
  ...ownScores(folder),
];
const silence = midiFile(folder, 'silence.mid', [], 1);
const fonts = (process.env.ENGINE_FONTS ?? '/usr/share/sounds/sf2/TimGM6mb.sf2,/usr/share/sounds/sf2/FluidR3_GM.sf2')
  .split(',')
  .filter((path) => existsSync(path));
if (fonts.length === 0)
  fonts.push(join(dirname(createRequire(import.meta.url).resolve('@coderline/alphatab')), 'soundfont', 'sonivox.sf2'));

function cpu(work) {
  const started = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(started);
  return { seconds: (user + system) / 1e6, result };
}

/** CPU seconds of another program, its start included. */
function cpuOf(program, args) {
  const { status, stderr } = spawnSync('bash', [
    '-c',
    'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null 2>&1',
    program,
    ...args,
  ]);
  if (status !== 0) return null;
  return stderr
    .toString()
    .trim()
    .split(' ')
    .reduce((sum, part) => sum + Number(part.replace(',', '.')), 0);
}

function ours(font, score, length, quality, effects) {
  const make = () => new Float32Array(BLOCK);
  const bus = { left: make(), right: make(), reverb: make(), chorus: make() };
  const wet = effects
    ? new SendEffects(RATE, { reverb: { level: 1, roomSize: 0.5, damping: 0.3, width: 1 }, chorus: { level: 1 } })
    : null;
  let voices = 0;
  const { seconds: spent } = cpu(() => {
    const renderer = font.open(
      score.parts.map((part) => ({ part, bus, preset: null })),
      {
        sampleRate: RATE,
        blockFrames: BLOCK,
        quality,
        tuningHz: 440,
        maxVoices: null,
        sends: effects,
        seed: 1,
        warn: () => {},
      },
    );
    for (let frame = 0; frame < length * RATE; frame += BLOCK) {
      for (const signal of Object.values(bus)) signal.fill(0);
      renderer.render(BLOCK);
      wet?.process(bus.reverb, bus.chorus, bus.left, bus.right, BLOCK);
      voices += renderer.voiceCount;
    }
    renderer.close();
  });
  wet?.close();
  return { spent, voices: voices / ((length * RATE) / BLOCK) };
}

async function spessa(fontBytes, midiBytes, length, effects) {
  const { BasicMIDI, SoundBankLoader, SpessaSynthProcessor, SpessaSynthSequencer } = await import(
    require.resolve('spessasynth_core')
  );
  const synth = new SpessaSynthProcessor(RATE, { effectsEnabled: effects, eventsEnabled: false });
  synth.soundBankManager.addSoundBank(
    SoundBankLoader.fromArrayBuffer(
      fontBytes.buffer.slice(fontBytes.byteOffset, fontBytes.byteOffset + fontBytes.byteLength),
    ),
    'main',
  );
  await synth.processorInitialized;
  const sequencer = new SpessaSynthSequencer(synth);
  sequencer.skipToFirstNoteOn = false;
  sequencer.loadNewSongList([
    BasicMIDI.fromArrayBuffer(
      midiBytes.buffer.slice(midiBytes.byteOffset, midiBytes.byteOffset + midiBytes.byteLength),
    ),
  ]);
  sequencer.play();
  const left = new Float32Array(128);
  const right = new Float32Array(128);
  return cpu(() => {
    for (let frame = 0; frame < length * RATE; frame += 128) {
      sequencer.processTick();
      synth.process(left, right);
    }
  }).seconds;
}

const least = (a, b) => (b === null ? a : a === null ? b : Math.min(a, b));
const show = (value, digits = 1) =>
  (value === null || !Number.isFinite(value) ? '-' : value.toFixed(digits)).padStart(8);

for (const fontPath of fonts) {
  const started = performance.now();
  const font = await loadSoundFont(fontPath);
  console.log(
    `\n${basename(fontPath)}: loaded in ${((performance.now() - started) / 1000).toFixed(2)} s; whole files, times real time on one core; x: times fluidsynth`,
  );
  console.log(
    'file                           voices     ours  +effects    draft     high   fluids. +effects  spessa. timidity   x same x effects',
  );
  const fontBytes = readFileSync(fontPath);
  const fluid = (midi, effects, out) =>
    cpuOf('fluidsynth', [
      '-ni',
      '-q',
      '-R',
      effects,
      '-C',
      effects,
      '-g',
      '0.2',
      '-r',
      String(RATE),
      '-o',
      'synth.polyphony=4096',
      '-O',
      'float',
      '-T',
      'raw',
      '-F',
      out,
      fontPath,
      midi,
    ]);
  const timidity = (midi) =>
    cpuOf('timidity', ['-x', `soundfont ${fontPath}`, '-s', String(RATE), '-Ow', '-o', '/dev/null', midi]);
  const idle = { fluid: null, timidity: null };
  for (let round = 0; round < ROUNDS; round++) {
    idle.fluid = least(idle.fluid, fluid(silence, '0', '/dev/null'));
    idle.timidity = least(idle.timidity, timidity(silence));
  }
  for (const file of files) {
    const bytes = readFileSync(file);
    const score = await parseScore({ bytes }, { hint: file });
    const whole = score.endSeconds + 2;
    const length = Math.min(whole, seconds);
    const best = {};
    let voices = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, quality, effects] of [
        ['same', 'standard', false],
        ['effects', 'standard', true],
        ['draft', 'draft', false],
        ['high', 'high', false],
      ]) {
        const measured = ours(font, score, whole, quality, effects);
        best[name] = Math.min(best[name] ?? Infinity, measured.spent / whole);
        voices = measured.voices;
      }
      for (const effects of ['0', '1']) {
        const spent = fluid(file, effects, '/dev/null');
        if (spent !== null)
          best[`fluid${effects}`] = Math.min(best[`fluid${effects}`] ?? Infinity, (spent - idle.fluid) / whole);
      }
      if (round === 0) {
        const spent = timidity(file);
        if (spent !== null) best.timidity = (spent - idle.timidity) / whole;
        best.spessa = Math.min(
          best.spessa ?? Infinity,
          (await spessa(fontBytes, bytes, Math.min(length, 30), false)) / Math.min(length, 30),
        );
      }
    }
    const speed = (name) => (best[name] === undefined ? null : 1 / best[name]);
    console.log(
      basename(file).slice(0, 28).padEnd(28) +
        show(voices) +
        show(speed('same')) +
        show(speed('effects'), 1).padStart(10) +
        show(speed('draft')).padStart(9) +
        show(speed('high')).padStart(9) +
        show(speed('fluid0')).padStart(9) +
        show(speed('fluid1')).padStart(9) +
        show(speed('spessa')).padStart(9) +
        show(speed('timidity')).padStart(9) +
        show(best.fluid0 / best.same, 2).padStart(9) +
        show(best.fluid1 / best.effects, 2).padStart(10),
    );
  }
}
rmSync(folder, { recursive: true, force: true });
