import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type AudioEncoder, ENCODER_BLOCK_FRAMES, type EncoderSettings } from '../audio/audio-encoder.js';
import { AUDIO_FORMATS } from '../audio/audio-format.js';
import { FileSink } from '../audio/audio-sink.js';
import { createEncoder } from '../audio/create-encoder.js';
import { type Waveform, WaveformMeter } from '../audio/waveform.js';
import { type MasterSettings, MasterSignal, type ReadableSignal } from '../mix/master-signal.js';
import { type SignalMeasures, SignalMeter } from '../mix/measure/signal-meter.js';
import { KernelBlock } from '../synth/kernel-block.js';
import { type RenderContext, stopIfCanceled } from './render-context.js';
import { BLOCKS_PER_TURN } from './render-pass.js';

/** A finished file of a render. */
export interface AudioFile extends SignalMeasures {
  readonly path: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly durationSeconds: number;
  readonly frames: number;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Null for lossy formats. */
  readonly bitDepth: number | null;
  /** Samples that had to be limited to full scale. */
  readonly clippedSamples: number;
}

export interface WrittenFile {
  readonly file: AudioFile;
  readonly waveform: Waveform;
}

/**
 * Writes a signal with the master's gain and limiter to a file and measures what it writes: of samples that the format cannot hold, what became of them.
 *
 * @param known the measures, if they are known already
 * @throws RenderCanceledError and whatever the file system refuses; the file is removed then
 */
export async function writeAudioFile(
  path: string,
  signal: ReadableSignal,
  master: MasterSettings,
  settings: EncoderSettings,
  known: SignalMeasures | null,
  context: RenderContext,
): Promise<WrittenFile> {
  const { sampleRate, frames, channelCount } = settings;
  const sink = new FileSink(path);
  const mastered = new MasterSignal(signal, master, ENCODER_BLOCK_FRAMES);
  const room = new KernelBlock(channelCount, ENCODER_BLOCK_FRAMES);
  const block = room.channels;
  const waveform = new WaveformMeter(frames, sampleRate);
  let encoder: AudioEncoder | null = null;
  try {
    encoder = await createEncoder(sink, settings);
    const meter = new SignalMeter(sampleRate, channelCount);
    let done = 0;
    for (let blocks = 1; ; blocks++) {
      stopIfCanceled(context);
      const count = mastered.read(block, ENCODER_BLOCK_FRAMES);
      if (count === 0) break;
      const clippedBefore: number = encoder.clippedSamples;
      encoder.write(block, count);
      if (encoder.clippedSamples > clippedBefore) limitToFullScale(block, count);
      if (known === null) meter.process(block, count);
      waveform.process(block, count);
      done += count;
      context.onProgress?.({ phase: 'writing', seconds: done / sampleRate, totalSeconds: frames / sampleRate });
      if (blocks % BLOCKS_PER_TURN === 0) await setImmediate();
    }
    encoder.finish();
    meter.finish();
    const file: AudioFile = {
      path,
      fileName: basename(path),
      contentType: AUDIO_FORMATS[settings.format].contentType,
      ...sink.finish(),
      durationSeconds: frames / sampleRate,
      frames,
      sampleRate,
      channels: channelCount,
      bitDepth: encoder.bitDepth,
      clippedSamples: encoder.clippedSamples,
      ...(known ?? meter.measures(0)),
    };
    return { file, waveform: waveform.finish() };
  } catch (error) {
    sink.abandon();
    throw error;
  } finally {
    waveform.close();
    room.close();
    mastered.close();
    encoder?.close?.();
  }
}

function limitToFullScale(signal: readonly Float32Array[], frames: number): void {
  for (const samples of signal) for (let i = 0; i < frames; i++) samples[i] = Math.max(-1, Math.min(1, samples[i]!));
}
