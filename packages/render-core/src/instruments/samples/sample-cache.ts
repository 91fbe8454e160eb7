import { readFileSync, statSync } from 'node:fs';
import { InstrumentError } from '../instrument-error.js';
import { type PlayableSample, preparePlayable } from './playable-sample.js';
import type { SampleFile } from './sample-file.js';
import { type Channels, decodeWav } from './wav-decoder.js';
import { readWavHeader, type SampleLoop } from './wav-header.js';

/** Decoded samples, kept while they are in use and after that until `maxBytes` are exceeded, the longest unused going first. */
export class SampleCache {
  private readonly entries = new Map<string, PlayableSample>();
  private bytes = 0;

  /** Bytes of decoded sound to keep. */
  constructor(private readonly maxBytes: number) {}

  /**
   * A sample at a rate in Hz, played up to `end` (frame of the file) or with a loop. Reads and decodes the file if need be.
   * Throws InstrumentError `invalid-sample` when the file is no longer what it was.
   */
  get(sample: SampleFile, renderRate: number, end: number, loop: SampleLoop | null): PlayableSample {
    const range = loop === null ? `${end}` : `${loop.start}-${loop.end}`;
    const key = `${sample.digest} ${renderRate} ${range} ${sample.normalize}`;
    const known = this.entries.get(key);
    const playable = known ?? this.load(sample, renderRate, end, loop);
    // Maps keep the order of insertion: the first entry is the longest unused.
    this.entries.delete(key);
    this.entries.set(key, playable);
    if (known === undefined) {
      this.bytes += playable.bytes;
      this.shrink(key);
    }
    return playable;
  }

  private load(sample: SampleFile, renderRate: number, end: number, loop: SampleLoop | null): PlayableSample {
    const { path, header, name } = sample;
    const needed = header.dataOffset + header.frames * header.channels * header.sampleBytes;
    const bytes = readPresent(path, needed);
    if (bytes === null) throw changed(name);
    const { frames, sampleRate } = readWavHeader(bytes, name);
    if (frames !== header.frames || sampleRate !== header.sampleRate) throw changed(name);
    const channels = decodeWav(bytes, header);
    if (sample.normalize) normalize(channels);
    return preparePlayable(channels, header.sampleRate, renderRate, end, loop);
  }

  private shrink(newest: string): void {
    for (const [key, entry] of this.entries) {
      if (this.bytes <= this.maxBytes || key === newest) return;
      this.entries.delete(key);
      this.bytes -= entry.bytes;
    }
  }
}

/** The file with at least so many bytes; null when it is not there any more. */
function readPresent(path: string, needed: number): Buffer | null {
  try {
    return statSync(path).size < needed ? null : readFileSync(path);
  } catch {
    return null;
  }
}

function normalize(channels: Channels): void {
  let peak = 0;
  for (const line of channels) for (const value of line) peak = Math.max(peak, Math.abs(value));
  if (peak === 0) return;
  for (const line of channels) for (let i = 0; i < line.length; i++) line[i]! /= peak;
}

function changed(name: string): InstrumentError {
  const message = `The sample ${name} has changed or gone since the instrument was read.`;
  return new InstrumentError('invalid-sample', message, [{ pointer: name, message }]);
}
