import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  openCatalogue,
  parseScore,
  type RenderOptionsInput,
  renderPerformance,
  standardCatalogue,
} from '@musistrata/render-core';
import { largestDifference, temporaryFolder } from '../audio/encode.js';
import { readWav } from '../audio/read-wav.js';
import { optionsOf, rawOptions } from './sine-source.js';

const folder = temporaryFolder();

const event = (Beat: number, Name: string, Octave: number, Duration = 2) => ({
  Beat,
  Duration,
  Note: { Name, Octave },
  Velocity: 60,
});
const chord = { SoundEvents: [event(0, 'C', 5), event(1, 'E', 5), event(2, 'G', 5)] };
const track = (Instrument: string, bars: readonly unknown[], IsDrumsTrack = false) => ({
  Name: Instrument,
  Instrument,
  Bars: bars,
  IsDrumsTrack,
  BankUsed: 0,
});

async function render(song: unknown, options: ReturnType<typeof optionsOf>) {
  const performance = await parseScore({ song });
  const catalogue = await openCatalogue({ ...standardCatalogue(), systemFolders: [] });
  const { parts } = await catalogue.resolve(performance, options);
  const renderFolder = mkdtempSync(join(folder.path, 'render-'));
  return renderPerformance(performance, parts, options, { folder: renderFolder });
}

describe('with the instruments that come along', () => {
  const demo = { Tempo: 60, BeatsPerBar: 4, Tracks: [track('SoundFont_Piano', [chord, chord])] };
  const band = {
    Tempo: 120,
    BeatsPerBar: 4,
    Tracks: [
      track('SoundFont_Piano', [chord, chord]),
      track('Violin', [{ SoundEvents: [event(0, 'A', 5, 4)] }, { SoundEvents: [event(0, 'D', 5, 4)] }]),
      track('', [{ SoundEvents: [event(0, 'C', 3), event(1, 'D', 3), event(3, 'Fs', 3)] }, chord], true),
      track('Default_Synth', [{ SoundEvents: [] }, { SoundEvents: [event(0.5, 'E', 4, 3)] }]),
    ],
  };

  test('the old demo lasts ten seconds to the frame and is as loud as asked', async () => {
    const { audio, warnings } = await render(demo, optionsOf());
    expect(audio).toMatchObject({ frames: 441000, durationSeconds: 10, sampleRate: 44100, channels: 2, bitDepth: 24 });
    expect(audio.peakDbtp).toBeCloseTo(-0.1, 4);
    expect(warnings).toEqual([]);
  });

  test('a range of a band is bit for bit that stretch of the whole, and stems sum to it', async () => {
    const raw = (more: RenderOptionsInput) => rawOptions({ sampleRate: 22050, ...more });
    const whole = await render(band, raw({}));
    const range = await render(band, raw({ range: { startSeconds: 1.7, endSeconds: 3.3 }, stems: true }));
    const start = Math.round(1.7 * 22050);
    const wholeChannels = readWav(whole.audio.path).channels;
    const mix = readWav(range.audio.path).channels;
    const stems = range.stems.map(({ audio }) => readWav(audio.path).channels);
    expect(stems).toHaveLength(4);
    for (const channel of [0, 1]) {
      const stretch = wholeChannels[channel]!.subarray(start, start + mix[channel]!.length);
      expect(largestDifference(mix[channel]!, stretch)).toBeLessThan(1e-6);
      const sum = mix[channel]!.map((_, i) => stems.reduce((total, stem) => total + stem[channel]![i]!, 0));
      expect(largestDifference(mix[channel]!, sum)).toBeLessThan(1e-6);
      for (const stem of stems) expect(stem[channel]!.some((sample) => Math.abs(sample) > 1e-3)).toBe(true);
    }
    const alone = await render(band, raw({ range: { startSeconds: 1.7, endSeconds: 3.3 } }));
    const { channels } = readWav(alone.audio.path);
    expect(largestDifference(channels[0]!, wholeChannels[0]!.subarray(start, start + channels[0]!.length))).toBe(0);
  });
});
