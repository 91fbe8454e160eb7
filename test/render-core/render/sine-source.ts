import {
  type Part,
  type PartAssignment,
  type PartEvent,
  type Performance,
  type RenderOptions,
  type RenderOptionsInput,
  type ResolvedPart,
  renderOptionsSchema,
  type SoundSource,
  type SourceContext,
  type SourceRenderer,
} from '@musistrata/render-core';

const { exp, LN10, PI, sin } = Math;

/** Decay of a note after its release, in seconds. */
export interface SineVoice {
  /** Linear amplitude of velocity 100 on each channel. */
  readonly amplitude: number;
  /** Seconds in which the sound falls by 60 dB after the release; 0 ends it at once. */
  readonly releaseSeconds: number;
  /** Share of the sound that goes to the score-wide reverb and chorus. */
  readonly reverb: number;
  readonly chorus: number;
  /** Seconds by which every note sounds late, as a delayed layer or an envelope with a delay. */
  readonly lateSeconds: number;
  /** Emits NaN at this time instead of sound. */
  readonly nanAt?: number;
}

/** A source that plays every note as a sine that starts at phase 0 with its onset: what comes out can be computed by hand. */
export class SineSource implements SoundSource {
  readonly kind = 'formula';
  readonly name = 'sine';
  readonly identity = 'sine';
  opened = 0;
  closed = 0;

  private readonly voice: SineVoice;

  constructor(voice: Partial<SineVoice> = {}) {
    this.voice = { amplitude: 0.5, releaseSeconds: 0, reverb: 0, chorus: 0, lateSeconds: 0, ...voice };
  }

  open(parts: readonly PartAssignment[], context: SourceContext): SourceRenderer {
    this.opened++;
    return new SineRenderer(parts, context, this.voice, () => {
      this.closed++;
    });
  }
}

class SineRenderer implements SourceRenderer {
  voiceCount = 0;
  active = true;
  readonly stolenNotes = 0;
  private frame = 0;

  constructor(
    private readonly parts: readonly PartAssignment[],
    private readonly context: SourceContext,
    private readonly voice: SineVoice,
    readonly close: () => void,
  ) {}

  render(frames: number): void {
    const { sampleRate, tuningHz } = this.context;
    const nanFrame = this.voice.nanAt === undefined ? -1 : Math.round(this.voice.nanAt * sampleRate);
    let last = 0;
    this.voiceCount = 0;
    for (const { part, bus } of this.parts) {
      for (const event of part.events) {
        if (event.kind !== 'note') continue;
        const time = event.time + this.voice.lateSeconds;
        const onset = Math.round(time * sampleRate);
        const release = Math.round((time + event.duration) * sampleRate);
        const decay = this.voice.releaseSeconds * sampleRate;
        const end = release + 2 * decay;
        last = Math.max(last, end);
        const frequency = tuningHz * 2 ** ((event.key - 69) / 12);
        const from = Math.max(0, onset - this.frame);
        const to = Math.min(frames, Math.ceil(end) - this.frame);
        if (to > from) this.voiceCount++;
        const amplitude = this.voice.amplitude * (event.velocity / 100);
        const step = (2 * PI * frequency) / sampleRate;
        for (let i = from; i < to; i++) {
          const at = this.frame + i;
          const level = at < release || decay === 0 ? 1 : exp((-3 * LN10 * (at - release)) / decay);
          let value = amplitude * level * sin(step * (at - onset));
          if (at === nanFrame) value = Number.NaN;
          bus.left[i]! += value;
          bus.right[i]! += value;
          bus.reverb[i]! += this.voice.reverb * value;
          bus.chorus[i]! += this.voice.chorus * value;
        }
      }
    }
    this.frame += frames;
    this.active = this.frame < last;
  }
}

export function note(time: number, duration: number, key = 69, velocity = 100): PartEvent {
  return { kind: 'note', time, duration, key, velocity };
}

export function partOf(index: number, events: readonly PartEvent[]): Part {
  return {
    index,
    name: `Part ${index + 1}`,
    channel: null,
    port: 0,
    percussion: false,
    instrument: null,
    velocityCurve: 'linear',
    events,
  };
}

export function performanceOf(
  endSeconds: number,
  parts: readonly (readonly PartEvent[])[],
  more: Partial<Performance> = {},
): Performance {
  return {
    format: 'musistrata',
    title: null,
    copyright: null,
    parts: parts.map((events, index) => partOf(index, events)),
    tempoMap: {
      tempos: [{ beat: 0, seconds: 0, beatsPerMinute: 120 }],
      meters: [{ beat: 0, bar: 1, beatsPerBar: 4, numerator: 4, denominator: 4 }],
    },
    markers: [],
    lyrics: [],
    endSeconds,
    noteCount: parts.reduce((sum, events) => sum + events.length, 0),
    defaultTail: 'two-seconds',
    warnings: [],
    ...more,
  };
}

/** Every part played by `source`, changed by the settings of the same index. */
export function resolve(
  performance: Performance,
  source: SoundSource,
  settings: readonly Partial<ResolvedPart>[] = [],
): ResolvedPart[] {
  return performance.parts.map((part, index) => ({
    part,
    source,
    preset: null,
    gainDb: 0,
    pan: null,
    mute: false,
    solo: false,
    reverbSend: 1,
    chorusSend: 1,
    effects: [],
    ...settings[index],
  }));
}

export function optionsOf(input: RenderOptionsInput = {}): RenderOptions {
  return renderOptionsSchema.parse(input);
}

/** 32-bit float WAV without normalisation: the mix as it is. */
export function rawOptions(input: RenderOptionsInput = {}): RenderOptions {
  const { master, ...others } = input;
  return optionsOf({
    sampleRate: 48000,
    bitDepth: 32,
    sampleFormat: 'float',
    ...others,
    master: { normalize: 'none', ...master },
  });
}
