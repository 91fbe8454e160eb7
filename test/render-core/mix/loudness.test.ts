import { describe, expect, test } from '@jest/globals';
import { kWeighting } from '@musistrata/render-core/mix/measure/k-weighting.js';
import { type LoudnessMeasures, LoudnessMeter } from '@musistrata/render-core/mix/measure/loudness-meter.js';
import { type SignalMeasures, SignalMeter } from '@musistrata/render-core/mix/measure/signal-meter.js';
import { encode, temporaryFolder } from '../audio/encode.js';
import { output } from '../audio/programs.js';
import { swellingNoise, type Tone, tones } from './tones.js';

function measure(signal: readonly Float32Array[], sampleRate = 48000, gainDb = 0): SignalMeasures {
  const meter = new SignalMeter(sampleRate, signal.length);
  for (let from = 0; from < signal[0]!.length; from += 1000) {
    const block = signal.map((samples) => samples.subarray(from, from + 1000));
    meter.process(block, block[0]!.length);
  }
  meter.finish();
  return meter.measures(gainDb);
}

/** Loudness alone: quicker than with peaks. */
function loudness(signal: readonly Float32Array[], sampleRate = 48000): LoudnessMeasures {
  const meter = new LoudnessMeter(sampleRate, signal.length);
  meter.process(signal, signal[0]!.length);
  return meter.measures(0);
}

const silence = Number.NEGATIVE_INFINITY;
const stretches = (...pairs: readonly (readonly [number, number])[]): Tone[] =>
  pairs.map(([seconds, level]) => ({ seconds, level }));

const KNOWN_44100 = 'I: -17.8 LRA: 8.6 Sample peak: Peak: -7.5 True peak: Peak: -7.4';
const KNOWN_48000 = 'I: -17.7 LRA: 8.7 Sample peak: Peak: -7.2 True peak: Peak: -7.0';

describe('K-weighting', () => {
  test('has the coefficients of BS.1770-4 tables 1 and 2 at 48 kHz', () => {
    const [shelf, highPass] = kWeighting(48000);
    expect(shelf.b0).toBeCloseTo(1.53512485958697, 10);
    expect(shelf.b1).toBeCloseTo(-2.69169618940638, 10);
    expect(shelf.b2).toBeCloseTo(1.19839281085285, 10);
    expect(shelf.a1).toBeCloseTo(-1.69065929318241, 10);
    expect(shelf.a2).toBeCloseTo(0.73248077421585, 10);
    expect(highPass.a1).toBeCloseTo(-1.99004745483398, 10);
    expect(highPass.a2).toBeCloseTo(0.99007225036621, 10);
  });
});

describe('loudness, EBU Tech 3341', () => {
  test.each([
    ['1', stretches([20, -23]), -23],
    ['2', stretches([20, -33]), -33],
    ['3', stretches([10, -36], [60, -23], [10, -36]), -23],
    ['4', stretches([10, -72], [10, -36], [60, -23], [10, -36], [10, -72]), -23],
    ['5', stretches([20, -26], [20.1, -20], [20, -26]), -23],
  ])('case %s: integrated', (_, signal, expected) => {
    const measured = loudness(tones(signal)).loudnessLufs!;
    expect(Math.abs(measured - expected)).toBeLessThanOrEqual(0.1);
  });

  test('cases 1 and 2: momentary and short-term', () => {
    for (const level of [-23, -33]) {
      const measured = loudness(tones(stretches([20, level])));
      expect(Math.abs(measured.momentaryMaxLufs! - level)).toBeLessThanOrEqual(0.1);
      expect(Math.abs(measured.shortTermMaxLufs! - level)).toBeLessThanOrEqual(0.1);
    }
  });

  test('case 9: short-term does not move with a rhythm of 3 s', () => {
    const rhythm = Array.from({ length: 5 }, () => stretches([1.34, -20], [1.66, -30])).flat();
    expect(Math.abs(loudness(tones(rhythm)).shortTermMaxLufs! + 23)).toBeLessThanOrEqual(0.1);
  });

  test('case 10: the loudest 3 s are found wherever they start', () => {
    for (let i = 0; i < 20; i++) {
      const measured = loudness(tones(stretches([0.15 * i, silence], [3, -23], [1, silence])));
      expect(Math.abs(measured.shortTermMaxLufs! + 23)).toBeLessThanOrEqual(0.1);
    }
  });

  test('case 12: momentary does not move with a rhythm of 400 ms', () => {
    const rhythm = Array.from({ length: 25 }, () => stretches([0.18, -20], [0.22, -30])).flat();
    expect(Math.abs(loudness(tones(rhythm)).momentaryMaxLufs! + 23)).toBeLessThanOrEqual(0.1);
  });

  test('case 13: the loudest 400 ms are found wherever they start', () => {
    for (let i = 0; i < 20; i++) {
      const measured = loudness(tones(stretches([0.02 * i, silence], [0.4, -23], [1, silence])));
      expect(Math.abs(measured.momentaryMaxLufs! + 23)).toBeLessThanOrEqual(0.1);
    }
  });

  test.each([8000, 11025, 22050, 44100, 96000, 192000])('is the same at %d Hz', (sampleRate) => {
    expect(
      Math.abs(loudness(tones(stretches([5, -23]), sampleRate), sampleRate).loudnessLufs! + 23),
    ).toBeLessThanOrEqual(0.1);
  });

  test('counts one channel alone 3.01 LU lower', () => {
    const [left] = tones(stretches([5, -23]));
    expect(measure([left!]).loudnessLufs).toBeCloseTo(-26.01, 1);
  });

  test('after a gain is what the amplified signal has, quiet as it may be', () => {
    const quiet = swellingNoise(8, 48000).map((samples) => samples.map((x) => x * 1e-4));
    const loud = quiet.map((samples) => samples.map((x) => x * 1e3));
    const predicted = measure(quiet, 48000, 60);
    const measured = measure(loud);
    expect(measure(quiet).loudnessLufs).toBeNull();
    for (const key of ['loudnessLufs', 'loudnessRangeLu', 'peakDbtp', 'shortTermMaxLufs'] as const)
      expect(predicted[key]).toBeCloseTo(measured[key]!, 1);
  });

  test('is null for silence and for less than 400 ms', () => {
    expect(measure([new Float32Array(48000)])).toEqual({
      peakDbtp: null,
      samplePeakDb: null,
      loudnessLufs: null,
      loudnessRangeLu: null,
      momentaryMaxLufs: null,
      shortTermMaxLufs: null,
    });
    expect(loudness(tones(stretches([0.39, -23]))).loudnessLufs).toBeNull();
  });
});

describe('loudness range, EBU Tech 3342', () => {
  test.each([
    ['1', stretches([20, -20], [20, -30]), 10],
    ['2', stretches([20, -20], [20, -15]), 5],
    ['3', stretches([20, -40], [20, -20]), 20],
    ['4', stretches([20, -50], [20, -35], [20, -20], [20, -35], [20, -50]), 15],
  ])('case %s', (_, signal, expected) => {
    expect(Math.abs(loudness(tones(signal)).loudnessRangeLu! - expected)).toBeLessThanOrEqual(1);
  });
});

describe('true peak, EBU Tech 3341', () => {
  const sine = (divisor: number, degrees: number, amplitude: number) =>
    Float32Array.from(
      { length: 4800 },
      // Faded in and out, because a sine that begins at full swing has overshoots of its own.
      (_, i) =>
        Math.min(1, i / 480, (4799 - i) / 480) *
        amplitude *
        Math.sin((2 * Math.PI * i) / divisor + (degrees * Math.PI) / 180),
    );

  test.each([
    ['15', sine(4, 0, 0.5), -6],
    ['16', sine(4, 45, 0.5), -6],
    ['17', sine(6, 60, 0.5), -6],
    ['18', sine(8, 67.5, 0.5), -6],
    ['19', sine(4, 45, 1.41), 3],
  ])('case %s', (_, samples, expected) => {
    const { peakDbtp } = measure([samples, samples]);
    expect(peakDbtp! - expected).toBeLessThanOrEqual(0.2);
    expect(peakDbtp! - expected).toBeGreaterThanOrEqual(-0.4);
  });

  test('cases 20-23: a burst is as high wherever its samples fall', () => {
    for (let quarter = 0; quarter < 4; quarter++) {
      const burst = Float32Array.from({ length: 960 }, (_, i) => {
        const t = i + quarter / 4 - 480;
        return Math.cos((2 * Math.PI * t) / 6) * Math.exp(-((t / 60) ** 2));
      });
      const { peakDbtp } = measure([burst, burst]);
      expect(peakDbtp!).toBeLessThanOrEqual(0.2);
      expect(peakDbtp!).toBeGreaterThanOrEqual(-0.4);
    }
  });

  test('is never below the sample peak, and finds what lies behind the last sample', () => {
    const click = new Float32Array(100);
    click[99] = 0.8;
    const { peakDbtp, samplePeakDb } = measure([click]);
    expect(samplePeakDb).toBeCloseTo(20 * Math.log10(0.8), 5);
    expect(peakDbtp!).toBeGreaterThanOrEqual(samplePeakDb!);
    const pair = new Float32Array(100);
    pair[98] = 0.8;
    pair[99] = 0.8;
    // Between two equal samples alone a band-limited signal is 4 / pi as high.
    expect(Math.abs(measure([pair]).peakDbtp! - 20 * Math.log10((0.8 * 4) / Math.PI))).toBeLessThanOrEqual(0.4);
  });
});

describe('another meter', () => {
  const folder = temporaryFolder();

  test.each([44100, 48000])('agrees at %d Hz: ffmpeg ebur128', async (sampleRate) => {
    const signal = swellingNoise(20, sampleRate);
    const path = `${folder.path}/noise.wav`;
    await encode(path, signal, { format: 'wav', bitDepth: 32, float: true, sampleRate });
    const report = output(
      'ffmpeg',
      '-nostats',
      '-i',
      path,
      '-filter_complex',
      'ebur128=peak=true+sample',
      '-f',
      'null',
      '-',
    );
    // Where ffmpeg is not installed: what version 5.1.6 says.
    const known = sampleRate === 44100 ? KNOWN_44100 : KNOWN_48000;
    const summary = report?.slice(report.lastIndexOf('Summary:')) ?? known;
    const figure = (name: RegExp) => Number(name.exec(summary)![1]);
    const measured = measure(signal, sampleRate);
    expect(Math.abs(measured.loudnessLufs! - figure(/I: +(-[\d.]+)/))).toBeLessThanOrEqual(0.1);
    expect(Math.abs(measured.loudnessRangeLu! - figure(/LRA: +([\d.]+)/))).toBeLessThanOrEqual(0.2);
    expect(Math.abs(measured.peakDbtp! - figure(/True peak:\s+Peak: +(-[\d.]+)/))).toBeLessThanOrEqual(0.2);
    expect(Math.abs(measured.samplePeakDb! - figure(/Sample peak:\s+Peak: +(-[\d.]+)/))).toBeLessThanOrEqual(0.1);
  });
});
