import { usualReverb } from '../instruments/playing/gains.js';
import type { PartAssignment, PresetNumber } from '../instruments/sound-source.js';
import type { NoteEvent, Part, Warning } from '../score/performance.js';
import type { BankData, PresetData } from './bank/bank-data.js';
import { choosePreset, type PresetChoice } from './bank/preset-choice.js';
import { Change, Channel } from './channel.js';
import { type PresetVoices, presetVoices } from './preset-voices.js';
import type { Step } from './timeline.js';
import { hertzToAbsoluteCents } from './units.js';
import type { Voice, VoiceContext, VoicePart } from './voice.js';
import { PERIOD_FRAMES } from './voice-layout.js';
import { MOST_VOICES, type VoicePool } from './voice-pool.js';
import { VoiceTemplates } from './voice-templates.js';

/** What the parts of one renderer share. */
export interface PlayerContext extends VoiceContext {
  readonly bank: BankData;
  readonly pool: VoicePool;
  readonly maxVoices: number | null;
  readonly warn: (warning: Warning) => void;
  /** Told once for each note that lost voices to the limit. */
  readonly stolen: () => void;
}

/** Real fonts lay at most a few dozen zones over each other; one that lays thousands is out to stop us. */
const MOST_VOICES_OF_A_NOTE = 256;

/** Turns the events of one part into voices, period by period. */
export class PartPlayer implements VoicePart {
  readonly channel: Channel;
  readonly context: PlayerContext;
  readonly templates = new VoiceTemplates();
  readonly accumulators: number;
  /** Frame of the next event; infinite when there are no more. */
  nextFrame: number;
  readonly #assignment: PartAssignment;
  readonly #steps: readonly Step[];
  readonly #linearVelocity: boolean;
  /** Factor per period that takes an exclusive class's older voice away: 96 dB in 0.89 s, as FluidSynth does. */
  readonly #exclusiveCut: number;
  readonly #started: ((voice: Voice) => void) | null;
  readonly #newVoices: Voice[] = [];
  /** Voices of the latest note of each exclusive class. */
  readonly #exclusive = new Map<number, { voice: Voice; sequence: number; note: number }[]>();
  #next = 0;
  #sequence = 0;
  #note = 0;
  #preset: PresetVoices | null = null;

  /** @param started called with each voice once it is ready for its first period */
  constructor(
    assignment: PartAssignment,
    steps: readonly Step[],
    context: PlayerContext,
    accumulators: number,
    started: ((voice: Voice) => void) | null = null,
  ) {
    const { part } = assignment;
    this.#assignment = assignment;
    this.context = context;
    this.accumulators = accumulators;
    this.#linearVelocity = part.velocityCurve === 'linear';
    this.#steps = steps;
    this.#started = started;
    this.#exclusiveCut = 10 ** ((-96 / 20) * (PERIOD_FRAMES / context.sampleRate / 0.891));
    this.channel = channelOf(part);
    this.nextFrame = this.#steps[0]?.frame ?? Number.POSITIVE_INFINITY;
    this.#choosePreset();
  }

  /** The same part again from its start, for a pool of voices that are not rendered. */
  rehearsal(steps: readonly Step[], context: PlayerContext): PartPlayer {
    return new PartPlayer(this.#assignment, steps, context, 0);
  }

  /** Applies all events before frame `end`, which lie in the period that is rendered next. Returns whether any changed the channel. */
  advance(end: number): boolean {
    let changed = false;
    for (let step = this.#steps[this.#next]; step !== undefined && step.frame < end; step = this.#steps[this.#next]) {
      this.#next++;
      if (step.event.kind === 'note') this.#start(step, step.event);
      else {
        this.templates.clear();
        const change = this.channel.apply(step.event);
        if (change === Change.preset) this.#choosePreset();
        if (change === Change.silence) this.#silence();
        changed ||= change !== Change.none;
      }
    }
    this.nextFrame = this.#steps[this.#next]?.frame ?? Number.POSITIVE_INFINITY;
    if (changed) this.#forEachVoice((voice) => voice.update(this.channel, this.context));
    if (this.#started !== null) for (const voice of this.#newVoices) this.#started(voice);
    this.#newVoices.length = 0;
    return changed;
  }

  #start(step: Step, event: NoteEvent): void {
    const { channel } = this;
    const note = this.#note++;
    if (this.#preset === null) return;
    const glides = channel.controllers[65]! >= 64 || channel.controllers[84]! > 0;
    const start = {
      key: event.key,
      velocity: event.velocity,
      length: step.release - step.frame,
      onset: step.frame,
      glideFrom: glides ? (channel.controllers[84]! > 0 ? channel.controllers[84]! : step.glideFrom) : -1,
      linearVelocity: this.#linearVelocity,
      detuneCents: event.detuneCents ?? 0,
      highestCutoff: event.lowPassHz === undefined ? Number.POSITIVE_INFINITY : hertzToAbsoluteCents(event.lowPassHz),
    };
    channel.controllers[84] = 0;
    // Zones have whole velocities; a score may say 63.5.
    const velocity = Math.min(127, Math.max(1, Math.round(event.velocity)));
    let voices = 0;
    let refused = false;
    for (const articulation of this.#preset.ofKey(event.key)) {
      if (velocity < articulation.lowVelocity || velocity > articulation.highVelocity) continue;
      if (++voices > MOST_VOICES_OF_A_NOTE) return;
      // Counted whether it sounds or not: the rehearsal of note-memory.ts must count alike.
      const sequence = this.#sequence++;
      if (!this.#makeRoom()) {
        if (!refused) this.context.stolen();
        refused = true;
        continue;
      }
      const voice = this.context.pool.take();
      voice.player = this;
      voice.sequence = sequence;
      voice.start(articulation, note, start, this);
      this.#newVoices.push(voice);
      if (voice.exclusiveClass !== 0) this.#cutExclusive(voice);
    }
  }

  /**
   * A new voice of an exclusive class ends those of other notes of its part (SF2.04 8.1.2, generator 57). Only the latest note of a class can
   * have voices that have not been ended already.
   */
  #cutExclusive(newer: Voice): void {
    let latest = this.#exclusive.get(newer.exclusiveClass);
    if (latest === undefined) {
      latest = [];
      this.#exclusive.set(newer.exclusiveClass, latest);
    }
    if (latest.length > 0 && latest[0]!.note !== newer.note) {
      for (const { voice, sequence } of latest) {
        // A voice that has ended may play something else by now.
        if (voice.player === this && voice.sequence === sequence) voice.cut(this.#exclusiveCut);
      }
      latest.length = 0;
    }
    latest.push({ voice: newer, sequence: newer.sequence, note: newer.note });
  }

  #silence(): void {
    this.#forEachVoice((voice) => voice.cut(0));
  }

  #forEachVoice(visit: (voice: Voice) => void): void {
    for (const voice of this.context.pool.sounding) if (voice.player === this) visit(voice);
  }

  /** Makes room for a voice at the cost of the oldest note; false when that would not help before the next period is rendered. */
  #makeRoom(): boolean {
    const { pool, maxVoices, stolen } = this.context;
    const most = Math.min(MOST_VOICES, maxVoices ?? MOST_VOICES);
    if (pool.sounding.length < most) return true;
    const oldest = pool.oldestUncut();
    if (oldest === null || pool.sounding.length >= 2 * most) return false;
    stolen();
    const { player, note } = oldest;
    // The voices of a note stand together.
    for (
      let voice: Voice | null = oldest;
      voice?.player === player && voice.note === note;
      voice = pool.oldestUncut()
    ) {
      voice.cut(0);
    }
    return true;
  }

  #choosePreset(): void {
    const { bank, warn } = this.context;
    const { part, preset: fixed } = this.#assignment;
    const { preset, exact } = presetOf(bank, this.channel, fixed);
    this.#preset = preset === null ? null : presetVoices(bank, preset);
    if (!exact) warn(substitution(part.name, wantedPreset(this.channel, fixed), preset));
  }
}

/** The channel of a part before its first event. */
export function channelOf(part: Part): Channel {
  const channel = new Channel(part.percussion, usualReverb(part));
  if (part.instrument?.program != null) {
    channel.program = part.instrument.program;
    channel.controllers[0] = part.instrument.bank & 0x7f;
  }
  return channel;
}

/** The preset that a channel plays now. */
export function presetOf(bank: BankData, channel: Channel, fixed: PresetNumber | null): PresetChoice {
  const { high, low, program, percussion } = wantedPreset(channel, fixed);
  return choosePreset(bank, fixed === null ? channel.system : 'gs', high, low, program, percussion);
}

interface WantedPreset {
  readonly high: number;
  readonly low: number;
  readonly program: number;
  readonly percussion: boolean;
}

function wantedPreset(channel: Channel, fixed: PresetNumber | null): WantedPreset {
  return {
    high: fixed === null ? channel.controllers[0]! : fixed.bank & 0x7f,
    low: fixed === null ? channel.controllers[32]! : fixed.bank >> 7,
    program: fixed?.program ?? channel.program,
    percussion: fixed?.percussion ?? channel.percussion,
  };
}

function substitution(part: string, wantedPreset: WantedPreset, preset: PresetData | null): Warning {
  const { high, low, program, percussion } = wantedPreset;
  const wanted = percussion ? `drum kit ${program}` : `bank ${high}:${low} program ${program}`;
  const got = preset === null ? 'nothing' : `"${preset.name}"`;
  return { code: 'preset-substituted', message: `${part}: the sound font has no ${wanted}; ${got} plays instead.` };
}
