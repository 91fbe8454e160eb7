// What a whole render with the default options spends its time on: a band of 16 parts, one minute, by stage. Best of several rounds.
//
//   npm run bench -- mix-shares     font: ENGINE_FONTS=a.sf2
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadSoundFont, parseScore, renderOptionsSchema, renderPerformance, SoundFont } from '@musistrata/render-core';
import { FileSink } from '@musistrata/render-core/audio/audio-sink.js';
import { FlacEncoder } from '@musistrata/render-core/audio/flac/flac-encoder.js';
import { WavEncoder } from '@musistrata/render-core/audio/wav/wav-encoder.js';
import { WaveformMeter } from '@musistrata/render-core/audio/waveform.js';
import { EffectChain } from '@musistrata/render-core/mix/effects/effect-chain.js';
import { MasterSignal } from '@musistrata/render-core/mix/master-signal.js';
import { SignalMeter } from '@musistrata/render-core/mix/measure/signal-meter.js';
import { Mixer } from '@musistrata/render-core/mix/mixer.js';
import { SendEffects } from '@musistrata/render-core/mix/send-effects.js';
import { ScratchSignal } from '@musistrata/render-core/render/scratch-signal.js';
import { TailWatch } from '@musistrata/render-core/render/tail.js';
import { SequentialRenderer } from '@musistrata/render-core/synth/parallel/sequential-renderer.js';
import { midiFile } from './scores/own-scores.mjs';

const STAGES = ['voices', 'mix', 'effects', 'master', 'encoder'];
const ROUNDS = 5;
const spent = new Map();
const stack = [];
let since = 0;

/** Time up to now belongs to the stage on top of the stack. */
function account() {
  const now = performance.now();
  if (stack.length > 0) spent.set(stack.at(-1), (spent.get(stack.at(-1)) ?? 0) + now - since);
  since = now;
}

/** Counts the time in a method for a stage, without that of methods of other stages that it calls. */
function watch(prototype, method, stage) {
  const original = prototype[method];
  prototype[method] = function (...values) {
    account();
    stack.push(stage);
    try {
      return original.apply(this, values);
    } finally {
      account();
      stack.pop();
    }
  };
}
watch(SoundFont.prototype, 'open', 'voices');
watch(SequentialRenderer.prototype, 'render', 'voices');
watch(Mixer.prototype, 'render', 'mix');
watch(ScratchSignal.prototype, 'append', 'mix');
watch(TailWatch.prototype, 'process', 'mix');
watch(SendEffects.prototype, 'process', 'effects');
watch(EffectChain.prototype, 'process', 'effects');
watch(MasterSignal.prototype, 'read', 'master');
watch(SignalMeter.prototype, 'process', 'master');
for (const encoder of [WavEncoder, FlacEncoder])
  for (const method of ['write', 'finish']) watch(encoder.prototype, method, 'encoder');
watch(WaveformMeter.prototype, 'process', 'encoder');
for (const method of ['write', 'finish']) watch(FileSink.prototype, method, 'encoder');

/** Drums, bass, two rhythm instruments in chords, pads, and melodies that take turns. */
function band(folder) {
  const programs = [33, 27, 4, 48, 61, 73, 56, 40, 0, 0, 24, 52, 66, 89, 11, 46];
  const events = programs.map((program, channel) => [0, 0xc0 | channel, program]);
  const note = (tick, channel, key, velocity, length) =>
    events.push([tick, 0x90 | channel, key, velocity], [tick + length, 0x80 | channel, key, 0]);
  for (let eighth = 0; eighth < 240; eighth++) {
    const tick = eighth * 240;
    const root = 36 + [0, 5, 7, 9][(eighth >> 3) & 3];
    note(tick, 0, root, 100 - (eighth % 3), 220);
    note(tick, 9, 42, 60 + (eighth % 7), 60);
    if (eighth % 2 === 0) note(tick, 9, eighth % 4 === 0 ? 36 : 38, 100 + (eighth % 5), 60);
    for (const channel of [1, 2, 8])
      if ((eighth + channel) % 2 === 0)
        for (const step of [0, 4, 7]) note(tick, channel, root + 12 + step + channel, 70 + ((eighth * 5) % 17), 400);
    for (const channel of [3, 11, 13])
      if (eighth % 8 === channel % 8) for (const step of [0, 4, 7, 12]) note(tick, channel, root + 24 + step, 55, 1900);
    for (const channel of [4, 5, 6, 7, 10, 12, 14, 15])
      if ((eighth >> 3) % 4 === channel % 4)
        note(tick, channel, root + 24 + ((eighth * 7 + channel) % 17), 75 + ((eighth * 3) % 23), 210);
  }
  return midiFile(folder, 'band.mid', events, 57600);
}

const fonts = (process.env.ENGINE_FONTS ?? '/usr/share/sounds/sf2/TimGM6mb.sf2').split(',').filter(existsSync);
const engraver = dirname(createRequire(import.meta.url).resolve('@coderline/alphatab'));
const font = await loadSoundFont(fonts[0] ?? join(engraver, 'soundfont', 'sonivox.sf2'));
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const score = await parseScore({ bytes: readFileSync(band(folder)) });
rmSync(folder, { recursive: true });
const parts = score.parts.map((part) => ({
  ...{ part, source: font, preset: null, gainDb: 0, pan: null, mute: false, solo: false },
  ...{ reverbSend: 1, chorusSend: 1, effects: [] },
}));

async function shares(options) {
  let best = null;
  for (let round = 0; round < ROUNDS; round++) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    spent.clear();
    const started = performance.now();
    const { audio } = await renderPerformance(score, parts, renderOptionsSchema.parse(options), { folder });
    const whole = performance.now() - started;
    rmSync(folder, { recursive: true });
    if (best === null || whole < best.whole) best = { whole, frames: audio.frames, spent: new Map(spent) };
  }
  return best;
}

const columns = [...STAGES, 'rest'];
console.log(`${'16 parts, one minute'.padEnd(32)} ns/frame ${columns.map((name) => name.padStart(9)).join('')}`);
for (const [name, options] of [
  ['default: WAV, 24 bits', {}],
  ['FLAC, 24 bits', { format: 'flac' }],
  ['WAV, loudness -12 LUFS', { master: { normalize: 'loudness', loudnessLufs: -12 } }],
  ['WAV, 16 bits, draft quality', { bitDepth: 16, quality: 'draft' }],
]) {
  const { whole, frames, spent: times } = await shares(options);
  const counted = STAGES.map((stage) => times.get(stage) ?? 0);
  const rest = whole - counted.reduce((sum, time) => sum + time, 0);
  const cells = [...counted, rest].map((time) => `${((100 * time) / whole).toFixed(1)} %`.padStart(9));
  console.log(`${name.padEnd(32)} ${((whole * 1e6) / frames).toFixed(0).padStart(8)} ${cells.join('')}`);
}
