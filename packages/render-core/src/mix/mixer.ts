import type { ResolvedPart } from '../instruments/resolved-part.js';
import type { PartAssignment, SoundSource, SourceContext, SourceRenderer } from '../instruments/sound-source.js';
import type { RenderOptions } from '../options/render-options.js';
import type { Warning } from '../score/performance.js';
import { KernelBus } from '../synth/kernel-bus.js';
import { EffectChain } from './effects/effect-chain.js';
import { isPlain, PartStrip } from './part-strip.js';
import { SendEffects } from './send-effects.js';
import { StemPath } from './stem-path.js';

export interface MixerSettings {
  readonly sampleRate: number;
  /** The largest number of frames a call of {@link Mixer.render} asks for; all numbers of frames are multiples of 4. */
  readonly blockFrames: number;
  readonly options: RenderOptions;
  /** See SourceContext. */
  readonly helperThreads: number;
  readonly warn: (warning: Warning) => void;
}

/**
 * All parts of a score as one stereo signal: sources, part strips, score-wide reverb and chorus, master effects.
 *
 * Stems are the same signal path run for each part alone. Everything up to the master's effects is linear, so stems sum to the mix;
 * master effects are applied to them too unless a compressor makes that meaningless.
 */
export class Mixer {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly stems: readonly StemPath[];
  /** How long silence can last before a delayed sound follows, in seconds. */
  readonly delaySeconds: number;
  /** Samples that were not numbers and have been replaced by silence. */
  replacedSamples = 0;
  peakVoices = 0;
  /** Whether the parts without a strip have sent anything to the score-wide effects so far. */
  private readonly sent = { reverb: false, chorus: false };
  private readonly sounding = [false, false, false, false];
  private readonly bus: KernelBus;
  private readonly strips: readonly PartStrip[];
  private readonly renderers: SourceRenderer[] = [];
  private readonly sends: SendEffects;
  private readonly chain: EffectChain;

  constructor(parts: readonly ResolvedPart[], settings: MixerSettings) {
    const { sampleRate, blockFrames, options } = settings;
    const audible = audibleParts(parts);
    this.bus = new KernelBus(blockFrames);
    this.left = this.bus.left;
    this.right = this.bus.right;
    this.strips = audible
      .filter((part) => options.stems || !isPlain(part))
      .map((part) => new PartStrip(part, sampleRate, blockFrames));
    this.sends = new SendEffects(sampleRate, options);
    this.chain = new EffectChain(options.master.effects, sampleRate);
    const stemEffects = this.chain.linear ? options.master.effects : [];
    this.stems = (options.stems ? this.strips : []).map(
      (strip) => new StemPath(strip, new SendEffects(sampleRate, options), stemEffects, sampleRate, blockFrames),
    );
    this.delaySeconds = this.chain.delaySeconds + Math.max(0, ...this.strips.map((strip) => strip.delaySeconds)) + 0.2;
    try {
      this.open(audible, settings);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Notes that sources had to cut or refuse for want of voices. */
  get stolenNotes(): number {
    return this.renderers.reduce((sum, renderer) => sum + renderer.stolenNotes, 0);
  }

  /** True while a voice of any source sounds or is still to come; effects may sound longer. */
  get active(): boolean {
    return this.renderers.some((renderer) => renderer.active);
  }

  /** Whether any part has sent anything to the score-wide reverb or chorus so far. */
  hasSent(effect: 'reverb' | 'chorus'): boolean {
    return this.sent[effect] || this.strips.some((strip) => strip.sent[effect]);
  }

  /** Parts with settings of their own that have sent nothing there so far. */
  silentSenders(effect: 'reverb' | 'chorus'): readonly ResolvedPart[] {
    return this.strips.filter((strip) => !strip.sent[effect]).map((strip) => strip.resolved);
  }

  /** Renders the next `frames` frames into {@link left}, {@link right} and the stems. */
  render(frames: number): void {
    const { bus, strips, stems, sounding, sent } = this;
    bus.clear(frames);
    for (let i = 0; i < strips.length; i++) strips[i]!.clear(frames);
    this.renderSources(frames);
    this.replacedSamples += bus.mend(4, frames, sounding);
    if (sounding[2]!) sent.reverb = true;
    if (sounding[3]!) sent.chorus = true;
    for (let i = 0; i < strips.length; i++) {
      this.replacedSamples += strips[i]!.process(frames);
      strips[i]!.mixInto(bus, frames);
    }
    this.sends.process(bus.reverb, bus.chorus, bus.left, bus.right, frames);
    this.chain.process(bus.left, bus.right, frames);
    this.replacedSamples += bus.mend(2, frames);
    for (let i = 0; i < stems.length; i++) stems[i]!.render(frames);
  }

  /** Gives back what sources, effects and buses took; {@link left} and {@link right} are void then. Safe to call twice. */
  close(): void {
    for (const renderer of this.renderers) renderer.close();
    this.sends.close();
    this.chain.close();
    for (const stem of this.stems) stem.close();
    for (const strip of this.strips) strip.close();
    this.bus.close();
  }

  private renderSources(frames: number): void {
    let voices = 0;
    for (let i = 0; i < this.renderers.length; i++) {
      const renderer = this.renderers[i]!;
      if (!renderer.active) continue;
      renderer.render(frames);
      voices += renderer.voiceCount;
    }
    if (voices > this.peakVoices) this.peakVoices = voices;
  }

  private open(audible: readonly ResolvedPart[], settings: MixerSettings): void {
    const groups = new Map<SoundSource, PartAssignment[]>();
    for (const resolved of audible) {
      const { source, part, preset } = resolved;
      if (source === null) continue;
      const strip = this.strips.find((candidate) => candidate.resolved === resolved);
      const group = groups.get(source) ?? [];
      group.push({ part, preset, bus: strip?.bus ?? this.bus });
      groups.set(source, group);
    }
    const { options } = settings;
    for (const [source, assignments] of groups) {
      const context: SourceContext = {
        sampleRate: settings.sampleRate,
        blockFrames: settings.blockFrames,
        quality: options.quality,
        tuningHz: options.tuningHz,
        maxVoices: shareOfVoices(options.maxVoices, assignments.length, audible.length),
        seed: options.seed,
        helperThreads: settings.helperThreads,
        warn: settings.warn,
      };
      this.renderers.push(source.open(assignments, context));
    }
  }
}

/** The parts that take part in the mix: neither muted nor outshone by a solo, with a source and at least one note. */
export function audibleParts(parts: readonly ResolvedPart[]): ResolvedPart[] {
  const anySolo = parts.some((part) => part.solo);
  return parts.filter(
    ({ part, source, mute, solo }) =>
      source !== null && !mute && (solo || !anySolo) && part.events.some((event) => event.kind === 'note'),
  );
}

/** Sources cannot see each other's voices, so each gets its share by the number of its parts, and at least one. */
function shareOfVoices(maxVoices: number | undefined, parts: number, allParts: number): number | null {
  return maxVoices === undefined ? null : Math.max(1, Math.floor((maxVoices * parts) / allParts));
}
