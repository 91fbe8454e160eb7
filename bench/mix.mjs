// What mixing, effects, measuring and encoding cost: nanoseconds a stereo frame, and the share of a render with 32 voices
// at 4 ns each (the engine's own figure is in bench/engine). CPU time, best of several.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effectSchema, renderOptionsSchema } from '@musistrata/render-core';
import { FileSink } from '@musistrata/render-core/audio/audio-sink.js';
import { createEncoder } from '@musistrata/render-core/audio/create-encoder.js';
import { EffectChain } from '@musistrata/render-core/mix/effects/effect-chain.js';
import { MasterSignal } from '@musistrata/render-core/mix/master-signal.js';
import { SignalMeter } from '@musistrata/render-core/mix/measure/signal-meter.js';
import { Mixer } from '@musistrata/render-core/mix/mixer.js';
import { KernelBlock } from '@musistrata/render-core/synth/kernel-block.js';

const RATE = 48000;
const FRAMES = 10 * RATE - ((10 * RATE) % 1024);
const VOICES_NS = 32 * 4;

let state = 1;
const noise = () => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state / 2 ** 31;
};
const tone = (hertz) =>
  Float32Array.from({ length: FRAMES }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hertz * i) / RATE) + 0.02 * noise());
const signal = [tone(440), tone(551)];

/** Runs `work` on blocks of 1024 frames of the signal; CPU nanoseconds a frame. */
async function cost(prepare) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const work = await prepare();
    const { channels: block } = new KernelBlock(2, 1024);
    const started = process.cpuUsage();
    for (let at = 0; at < FRAMES; at += 1024) {
      for (const [channel, samples] of signal.entries()) block[channel].set(samples.subarray(at, at + 1024));
      work.process(block, 1024);
    }
    work.end?.();
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, ((user + system) * 1000) / FRAMES);
  }
  return best;
}

/** A source that plays the same block for ever to both channels and both sends; writing them is part of what a mix costs here. */
const SENDS = { left: 1, right: 1, reverb: 0.3, chorus: 0.1 };
const humSource = {
  kind: 'formula',
  name: 'hum',
  identity: 'hum',
  open: (parts) => {
    const blocks = Object.entries(SENDS).map(([name, level]) => [name, signal[0].slice(0, 1024).map((x) => level * x)]);
    return {
      voiceCount: 0,
      active: true,
      stolenNotes: 0,
      render() {
        for (const { bus } of parts) for (const [name, block] of blocks) bus[name].set(block);
      },
      close() {},
    };
  },
};
const part = (index, changes) => ({
  part: { index, name: `Part ${index}`, events: [{ kind: 'note', time: 0, duration: 1, key: 60, velocity: 100 }] },
  source: humSource,
  preset: null,
  gainDb: 0,
  pan: null,
  mute: false,
  solo: false,
  reverbSend: 1,
  chorusSend: 1,
  effects: [],
  ...changes,
});
const mixer = (count, changes, options) => () => {
  const parts = Array.from({ length: count }, (_, index) => part(index, changes));
  const mix = new Mixer(parts, {
    sampleRate: RATE,
    blockFrames: 1024,
    options: renderOptionsSchema.parse(options),
    warn: () => {},
  });
  return { process: (_, frames) => mix.render(frames), end: () => mix.close() };
};
const dry = { reverb: { level: 0 }, chorus: { level: 0 } };
const effect = (settings) => () => {
  const chain = new EffectChain([effectSchema.parse(settings)], RATE);
  return { process: ([left, right], frames) => chain.process(left, right, frames) };
};
const encoder = (settings) => async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const sink = new FileSink(join(folder, 'file'));
  const encoding = await createEncoder(sink, {
    sampleRate: RATE,
    channelCount: 2,
    frames: FRAMES,
    bitDepth: 24,
    float: false,
    dither: false,
    seed: 1,
    firstFrame: 0,
    bitrateKbps: 192,
    tags: {},
    markers: [],
    loop: false,
    ...settings,
  });
  return {
    process: (block, frames) => encoding.write(block, frames),
    end: () => {
      encoding.finish();
      encoding.close?.();
      sink.finish();
      rmSync(folder, { recursive: true });
    },
  };
};
const limited = () => {
  const source = {
    frames: FRAMES,
    channelCount: 2,
    read: (start, target, count) => {
      for (const [channel, samples] of signal.entries()) target[channel].set(samples.subarray(start, start + count));
      return Math.min(count, FRAMES - start);
    },
  };
  const master = new MasterSignal(source, { sampleRate: RATE, gainDb: 12, ceilingDb: -1 }, 1024);
  return { process: (block, frames) => master.read(block, frames) };
};
const meter = () => {
  const measuring = new SignalMeter(RATE, 2);
  return { process: (block, frames) => measuring.process(block, frames), end: () => measuring.finish() };
};

const rows = [
  ['mix of 16 plain parts', mixer(16, {}, dry)],
  ['... with the score-wide reverb and chorus', mixer(16, {}, {})],
  ['mix of 16 parts with pan and gain', mixer(16, { pan: 0.3, gainDb: -1 }, dry)],
  ['16 stems, each with its reverb and chorus', mixer(16, {}, { stems: true })],
  ['effect: filter', effect({ type: 'filter', shape: 'peaking', frequencyHz: 1000, gainDb: 3 })],
  ['effect: echo', effect({ type: 'echo', feedback: 0.4 })],
  ['effect: chorus', effect({ type: 'chorus' })],
  ['effect: compressor', effect({ type: 'compressor' })],
  ['effect: reverb', effect({ type: 'reverb' })],
  ['peaks and loudness', meter],
  ['limiter, 12 dB into it', limited],
  ['WAV, 16 bits with dither', encoder({ format: 'wav', bitDepth: 16, dither: true })],
  ['WAV, 24 bits', encoder({ format: 'wav' })],
  ['FLAC, 24 bits', encoder({ format: 'flac' })],
  ['MP3, 192 kbit/s', encoder({ format: 'mp3' })],
  ['Opus, 128 kbit/s', encoder({ format: 'opus', bitrateKbps: 128 })],
];
console.log(`${'stage'.padEnd(44)} ns/frame   against ${VOICES_NS} ns of voices`);
for (const [name, prepare] of rows) {
  const nanoseconds = await cost(prepare);
  const share = `${((100 * nanoseconds) / VOICES_NS).toFixed(0)} %`;
  console.log(`${name.padEnd(44)} ${nanoseconds.toFixed(1).padStart(8)} ${share.padStart(10)}`);
}
