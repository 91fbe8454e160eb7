import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AudioTags, EncoderSettings } from '../audio/audio-encoder.js';
import { AUDIO_FORMATS, outputBitrateKbps, outputSampleRate } from '../audio/audio-format.js';
import type { Waveform } from '../audio/waveform.js';
import type { ResolvedPart } from '../instruments/resolved-part.js';
import { Mixer } from '../mix/mixer.js';
import type { RenderOptions } from '../options/render-options.js';
import type { Performance, Warning } from '../score/performance.js';
import { chooseMaster, type MasterChoice } from './choose-master.js';
import { rangeInSeconds } from './range.js';
import type { RenderContext } from './render-context.js';
import { type RenderPlan, renderPass } from './render-pass.js';
import { ScratchSignal } from './scratch-signal.js';
import { tailPolicy } from './tail.js';
import type { RenderWarning } from './warning-codes.js';
import { withoutEffect } from './without-effect.js';
import { type AudioFile, writeAudioFile } from './write-audio-file.js';

const BLOCK_FRAMES = 1024;
/** Memory for everything between the passes; longer renders go to files. */
const SCRATCH_MEMORY_BYTES = 16 * 2 ** 20;

/** One part's file. Together the stems sum to the mix, unless the master compresses or limits. */
export interface StemFile {
  /** Index of the part in the score. */
  readonly part: number;
  readonly name: string;
  readonly audio: AudioFile;
}

export interface RenderResult {
  readonly audio: AudioFile;
  readonly stems: readonly StemFile[];
  readonly waveform: Waveform;
  /** Where the waveform is stored as JSON. */
  readonly waveformPath: string;
  /** What normalisation has added to the mix and to every stem. */
  readonly gainDb: number;
  readonly peakVoices: number;
  readonly warnings: readonly Warning[];
}

/**
 * Renders a performance to files in `context.folder`: `mix.<extension>`, `stem-<part>.<extension>` for each part when asked for, `waveform.json`.
 *
 * The first pass renders into a scratch signal, the following ones measure it, master it and encode it: memory is bounded whatever the length.
 * Equal input gives equal bytes.
 *
 * @param parts what plays each part of the performance, in its order
 * @throws RenderCanceledError; and whatever the file system refuses. Files of this render are removed then.
 */
export async function renderPerformance(
  performance: Performance,
  parts: readonly ResolvedPart[],
  options: RenderOptions,
  context: RenderContext,
): Promise<RenderResult> {
  const made: string[] = [];
  const signals: ScratchSignal[] = [];
  try {
    return await render(performance, parts, options, context, signals, made);
  } catch (error) {
    for (const path of made) rmSync(path, { force: true });
    throw error;
  } finally {
    for (const signal of signals) signal.close();
  }
}

async function render(
  performance: Performance,
  parts: readonly ResolvedPart[],
  options: RenderOptions,
  context: RenderContext,
  signals: ScratchSignal[],
  made: string[],
): Promise<RenderResult> {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => warnings.push(warning);
  const plan = renderPlan(performance, options);
  const { sampleRate } = plan;
  const mixer = new Mixer(parts, {
    sampleRate,
    blockFrames: BLOCK_FRAMES,
    options,
    helperThreads: context.helperThreads ?? 0,
    warn,
  });
  const memory = SCRATCH_MEMORY_BYTES / (1 + mixer.stems.length);
  const scratch = (name: string) => {
    const signal = new ScratchSignal(join(context.folder, `${name}.scratch`), options.channels, memory);
    signals.push(signal);
    return signal;
  };
  const mix = scratch('mix');
  const stems = mixer.stems.map((stem) => scratch(stemName(stem.resolved.part.index)));
  try {
    await renderPass(mixer, plan, mix, stems, context);
  } finally {
    mixer.close();
  }
  reportMixer(mixer, warn);
  for (const warning of withoutEffect(mixer, options)) warn(warning);
  const master = await chooseMaster(mix, options.master, sampleRate, context, warn);
  const settings = encoderSettings(performance, options, plan, mix.frames);
  const { extension } = AUDIO_FORMATS[options.format];
  const write = async (
    name: string,
    signal: ScratchSignal,
    { settings: master, measures }: MasterChoice,
    tags: AudioTags,
  ) => {
    const path = join(context.folder, `${name}.${extension}`);
    made.push(path);
    const written = await writeAudioFile(path, signal, master, { ...settings, tags }, measures, context);
    signal.close();
    return written;
  };
  const { file, waveform } = await write('mix', mix, master, settings.tags);
  reportClipping(file, 'the mix', warn);
  const stemFiles: StemFile[] = [];
  const stemMaster: MasterChoice = { settings: { ...master.settings, ceilingDb: null }, measures: null };
  for (const [index, { resolved }] of mixer.stems.entries()) {
    const { part } = resolved;
    const title = [settings.tags.title, part.name].filter((text) => text !== undefined).join(': ');
    const stem = await write(stemName(part.index), stems[index]!, stemMaster, { ...settings.tags, title });
    reportClipping(stem.file, `the stem of ${part.name}`, warn);
    stemFiles.push({ part: part.index, name: part.name, audio: stem.file });
  }
  const waveformPath = join(context.folder, 'waveform.json');
  made.push(waveformPath);
  writeFileSync(waveformPath, JSON.stringify(waveform), { flag: 'wx' });
  return {
    audio: file,
    stems: stemFiles,
    waveform,
    waveformPath,
    gainDb: master.settings.gainDb,
    peakVoices: mixer.peakVoices,
    warnings,
  };
}

function renderPlan(performance: Performance, options: RenderOptions): RenderPlan {
  const sampleRate = outputSampleRate(options);
  const range = rangeInSeconds(options.range, performance);
  return {
    sampleRate,
    blockFrames: BLOCK_FRAMES,
    endFrame: Math.round(performance.endSeconds * sampleRate),
    policy: tailPolicy(options, performance),
    rangeStart: Math.round(range.start * sampleRate),
    rangeEnd: range.end === null ? null : Math.round(range.end * sampleRate),
  };
}

function encoderSettings(
  performance: Performance,
  options: RenderOptions,
  plan: RenderPlan,
  frames: number,
): EncoderSettings {
  const { title, artist, album, comment, date, genre } = options.tags;
  const tags = Object.entries({
    title: title ?? performance.title,
    artist,
    album,
    comment,
    date,
    genre,
    copyright: performance.copyright,
  }).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '');
  return {
    format: options.format,
    sampleRate: plan.sampleRate,
    channelCount: options.channels,
    frames,
    bitDepth: options.bitDepth,
    float: options.sampleFormat === 'float',
    dither: options.dither === 'tpdf' || (options.dither === 'auto' && options.bitDepth === 16),
    seed: options.seed,
    firstFrame: plan.rangeStart,
    bitrateKbps: outputBitrateKbps(options),
    tags: Object.fromEntries(tags),
    markers: performance.markers
      .map(({ time, text }) => ({ frame: Math.round(time * plan.sampleRate) - plan.rangeStart, text }))
      .filter(({ frame }) => frame >= 0 && frame < frames),
    loop: plan.policy.loop,
  };
}

function stemName(part: number): string {
  return `stem-${String(part).padStart(2, '0')}`;
}

function reportMixer(mixer: Mixer, warn: (warning: RenderWarning) => void): void {
  if (mixer.replacedSamples > 0)
    warn({
      code: 'samples-not-finite',
      message: `${mixer.replacedSamples} samples were not finite numbers and have been replaced by silence.`,
    });
  if (mixer.stolenNotes > 0)
    warn({
      code: 'notes-cut',
      message: `${mixer.stolenNotes} notes were cut short for want of voices.`,
      pointer: '/maxVoices',
    });
}

/** Whole numbers end at full scale; what lossy formats hold beyond it is cut off by players. */
function reportClipping(file: AudioFile, what: string, warn: (warning: RenderWarning) => void): void {
  if (file.clippedSamples > 0)
    warn({
      code: 'clipped',
      message: `${file.clippedSamples} samples of ${what} exceed full scale and were limited to it.`,
    });
  else if (file.bitDepth === null && (file.samplePeakDb ?? 0) > 0)
    warn({ code: 'clipped', message: `${what} exceeds full scale and will be cut off when it is played.` });
}
