import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { loadSoundFont } from '@musistrata/render-core';
import { bandDistance, bandLevels, median, percentile } from './oracles/band-levels.js';
import { ChannelScript, midiScript } from './oracles/midi-script.js';
import { fluidSynthIsInstalled, renderWithFluidSynth, TIM_GM } from './oracles/native-fluidsynth.js';
import { reducedLevels, referenceFile } from './oracles/reference-levels.js';
import { renderMidi } from './oracles/render-midi.js';
import { balance, level, type StereoSound, stretch } from './oracles/stereo-sound.js';
import { workout, workoutFont } from './oracles/workout.js';

/** What our master gain has over FluidSynth's, in dB (docs/engine.md); taken out before anything is compared. */
const MASTER_DIFFERENCE = -0.05;
const SLOT = 900;
const HELD = 450;

/** Programs in which some note is further away than {@link NEAR}, and why (docs/engine.md). */
const EXPLAINED = new Map([
  [4, 'detuned layers'],
  [39, 'detuned layers'],
  [48, 'detuned layers'],
  [49, 'detuned layers'],
  [51, 'detuned layers'],
  [83, 'detuned layers'],
  [90, 'detuned layers'],
  [101, 'detuned layers'],
  [109, 'detuned layers'],
  [121, 'detuned layers'],
  [125, 'steps of the convex curve'],
]);
const NEAR = { level: 0.75, distance: 1.25 };

interface Strike {
  readonly program: number;
  readonly key: number;
  readonly velocity: number;
}

/** Three keys of each program, each with another of three velocities. */
function programs(from: number, to: number): Strike[] {
  const strikes: Strike[] = [];
  for (let program = from; program < to; program++) {
    for (const [index, key] of [36, 60, 84].entries()) {
      strikes.push({ program, key, velocity: [40, 80, 120][(program + index) % 3]! });
    }
  }
  return strikes;
}

const DRUMS: readonly Strike[] = Array.from({ length: 47 }, (_, index) => ({
  program: 0,
  key: 35 + index,
  velocity: [50, 90, 127][index % 3]!,
}));

/** Each note alone, half of its slot held and half released, and all in one file. */
async function compare(strikes: readonly Strike[], channel: number) {
  const script = new ChannelScript(channel);
  for (const [index, { program, key, velocity }] of strikes.entries()) {
    const time = index * SLOT;
    script.program(time, program).note(time + 10, key, HELD, velocity);
    script.controller(time + SLOT - 20, 120, 0);
  }
  const midi = midiScript(script.messages, strikes.length * SLOT);
  const ours = await renderMidi(await loadSoundFont(TIM_GM), midi, (strikes.length * SLOT) / 1000);
  const gain = 10 ** (-MASTER_DIFFERENCE / 20);
  for (const signal of [ours.left, ours.right]) for (let i = 0; i < signal.length; i++) signal[i]! *= gain;
  const theirs = renderWithFluidSynth(TIM_GM, midi);
  const frames = (SLOT * 44100) / 1000;
  return strikes.map((strike, index) => {
    const a = fromOnset(stretch(ours, index * frames, (index + 1) * frames));
    const b = fromOnset(stretch(theirs, index * frames, (index + 1) * frames));
    return {
      ...strike,
      level: level(a) - level(b),
      balance: balance(a) - balance(b),
      distance: bandDistance(bandLevels(a, 44100), bandLevels(b, 44100)),
    };
  });
}

/** The same length of every note from its first sound on: FluidSynth begins notes on a raster of 64 frames, we do not. */
function fromOnset(sound: StereoSound): StereoSound {
  const onset = sound.left.findIndex((value, frame) => value !== 0 || sound.right[frame] !== 0);
  const from = Math.max(0, Math.min(onset, Math.round(sound.left.length * 0.1)));
  return stretch(sound, from, from + Math.round(sound.left.length * 0.9));
}

if (fluidSynthIsInstalled()) {
  describe('single notes of a General MIDI font, against the native FluidSynth', () => {
    test.each([
      ['programs 1 to 64', programs(0, 64), 1],
      ['programs 65 to 128', programs(64, 128), 1],
      ['drums', DRUMS, 10],
    ] as const)('%s', async (_, strikes, channel) => {
      const results = await compare(strikes, channel);
      const levels = results.map((result) => Math.abs(result.level));
      const distances = results.map((result) => result.distance);
      if (process.env.SHOW_FIGURES !== undefined) {
        console.log(
          [median(levels), percentile(levels, 0.95), median(distances), percentile(distances, 0.95)],
          median(results.map((result) => result.level)),
          results
            .filter((result) => Math.abs(result.level) > NEAR.level || result.distance > NEAR.distance)
            .map((result) => JSON.stringify(result)),
        );
      }
      expect(median(levels)).toBeLessThan(0.1);
      expect(percentile(levels, 0.95)).toBeLessThan(0.5);
      expect(median(distances)).toBeLessThan(0.5);
      expect(percentile(distances, 0.95)).toBeLessThan(1.25);
      expect(median(results.map((result) => Math.abs(result.balance)))).toBeLessThan(0.05);
      for (const result of results) {
        expect(result.distance).toBeLessThan(3);
      }
      const far = results.filter((result) => Math.abs(result.level) > NEAR.level || result.distance > NEAR.distance);
      expect(far.filter((result) => channel === 10 || !EXPLAINED.has(result.program))).toEqual([]);
    });
  });
}

describe('whole files with a font of our own, against the native FluidSynth (here, or as it was measured)', () => {
  const measured = JSON.parse(readFileSync(referenceFile, 'utf8')) as Record<string, number[][]>;

  test.each(Object.keys(workout))('%s', async (name) => {
    const { midi, seconds } = workout[name]!();
    const font = workoutFont();
    const ours = reducedLevels(await renderMidi(await loadSoundFont(font), midi, seconds)).map((row) =>
      row.map((value) => value - MASTER_DIFFERENCE),
    );
    const theirs = fluidSynthIsInstalled() ? reducedLevels(renderWithFluidSynth(font, midi)) : measured[name]!;
    expect(bandDistance(theirs, measured[name]!)).toBeLessThan(0.3);
    const distance = bandDistance(ours, theirs);
    if (process.env.SHOW_FIGURES !== undefined) console.log(name, distance);
    expect(distance).toBeLessThan(1.25);
  });
});
