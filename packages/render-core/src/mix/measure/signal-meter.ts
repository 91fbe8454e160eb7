import { decibels } from '../decibels.js';
import { type LoudnessMeasures, LoudnessMeter } from './loudness-meter.js';
import { TruePeakMeter } from './true-peak-meter.js';

/** What was measured of a signal; null where there is no number (silence, or too short to say). */
export interface SignalMeasures extends LoudnessMeasures {
  /** True peak (BS.1770-4 annex 2) over all channels. */
  readonly peakDbtp: number | null;
  readonly samplePeakDb: number | null;
}

/** Peaks and loudness of a mono or stereo signal, block by block. */
export class SignalMeter {
  private readonly peaks: TruePeakMeter[];
  private readonly loudness: LoudnessMeter;

  constructor(sampleRate: number, channelCount: number) {
    this.peaks = Array.from({ length: channelCount }, () => new TruePeakMeter(sampleRate));
    this.loudness = new LoudnessMeter(sampleRate, channelCount);
  }

  process(signal: readonly Float32Array[], frames: number): void {
    for (let channel = 0; channel < this.peaks.length; channel++)
      this.peaks[channel]!.process(signal[channel]!, frames);
    this.loudness.process(signal, frames);
  }

  /** Ends the signal: the true peak may lie behind the last sample. */
  finish(): void {
    for (const peak of this.peaks) peak.finish();
  }

  /** The measures of the signal after a gain in dB. */
  measures(gainDb: number): SignalMeasures {
    const level = (amplitude: number) => {
      const measured = decibels(amplitude);
      return measured === null ? null : measured + gainDb;
    };
    return {
      peakDbtp: level(Math.max(...this.peaks.map((peak) => peak.truePeak))),
      samplePeakDb: level(Math.max(...this.peaks.map((peak) => peak.samplePeak))),
      ...this.loudness.measures(gainDb),
    };
  }
}
