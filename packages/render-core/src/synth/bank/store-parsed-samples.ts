import type { BasicSample } from 'spessasynth_core';
import type { KernelMemory } from '../kernel-memory.js';
import type { SampleData } from './bank-data.js';
import { tooLarge } from './sound-font-error.js';
import { SampleStore } from './store-samples.js';
import { decodeVorbis, mostVorbisValues, vorbisReady } from './vorbis.js';

const MOST_SAMPLE_FRAMES = 2 ** 30;
/** Of one compressed sample: ten minutes at 48 kHz. */
const MOST_DECODED_FRAMES = 28_800_000;
/** Of all compressed samples: a gigabyte. */
const MOST_DECODED_IN_ALL = 2 ** 29;
/** A compressed byte of music is worth some 10 frames; silence can be a thousand times as dense. Fewer frames than those pass in any case. */
const MOST_FRAMES_PER_BYTE = 128;
const FREE_FRAMES = 2 ** 24;

export interface StoredSamples {
  readonly samples: readonly SampleData[];
  /** Of kernel memory. */
  readonly block: number;
  /** Names of those that could not be decoded: they are silent. */
  readonly undecodable: readonly string[];
}

/**
 * Puts the samples of a parsed bank into kernel memory, decoded where they are compressed.
 * @throws SoundFontError
 */
export async function storeParsedSamples(
  samples: readonly BasicSample[],
  memory: KernelMemory,
): Promise<StoredSamples> {
  await vorbisReady;
  checkDecodedSizes(samples);
  const undecodable: string[] = [];
  const recordings = samples.map((sample) => {
    if (!sample.isCompressed) return plain(sample);
    const decoded = decodeVorbis(sample.getRawData(true));
    if (decoded !== null) return decoded;
    undecodable.push(sample.name);
    // Up to the end of the loop, wherever the file says that is.
    return new Int16Array(sample.loopEnd > MOST_DECODED_FRAMES ? 0 : Math.max(0, sample.loopEnd));
  });
  const total = recordings.reduce((sum, recording) => sum + recording.length, 0);
  if (total > MOST_SAMPLE_FRAMES) tooLarge(`${total} frames of samples`);
  const lengths = recordings.map((recording) => recording.length);
  const store = new SampleStore(lengths, memory);
  return {
    samples: samples.map((sample, index) =>
      store.add(recordings[index]!, {
        name: sample.name,
        sampleRate: sample.sampleRate,
        rootKey: sample.originalKey,
        correction: sample.pitchCorrection,
        loopStart: sample.loopStart,
        loopEnd: sample.loopEnd,
      }),
    ),
    block: store.block,
    undecodable,
  };
}

/** An uncompressed sample as the font holds it; what cannot be read has no frames. */
function plain(sample: BasicSample): Int16Array {
  try {
    const raw = sample.getRawData(false);
    return new Int16Array(raw.slice(0, raw.length & ~1).buffer);
  } catch {
    return new Int16Array(0);
  }
}

/**
 * Refuses fonts that could decode to more than fits, before any of them is decoded: a megabyte can hold hours.
 * @throws SoundFontError
 */
function checkDecodedSizes(samples: readonly BasicSample[]): void {
  let total = 0;
  let bytes = 0;
  for (const sample of samples) {
    if (!sample.isCompressed) continue;
    const stream = sample.getRawData(true);
    const values = mostVorbisValues(stream) ?? 0;
    if (values > MOST_DECODED_FRAMES)
      tooLarge(`the sample "${sample.name}" could have ${values} frames, at most ${MOST_DECODED_FRAMES}`);
    total += values;
    bytes += stream.length;
  }
  const most = Math.min(MOST_DECODED_IN_ALL, Math.max(FREE_FRAMES, bytes * MOST_FRAMES_PER_BYTE));
  if (total > most) tooLarge(`its samples could have ${total} frames, at most ${most} for ${bytes} bytes`);
}
