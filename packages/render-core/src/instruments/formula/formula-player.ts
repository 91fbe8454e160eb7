import type { Part } from '../../score/performance.js';
import { Envelope } from '../playing/envelope.js';
import { centsToRatio, velocityGain } from '../playing/gains.js';
import type { NoteSchedule, ScheduledNote } from '../playing/note-schedule.js';
import { OnePole } from '../playing/one-pole.js';
import { mostAtOnce } from '../playing/polyphony.js';
import { mixSeed } from '../playing/seed.js';
import { type NotePlayer, SEGMENT_FRAMES, type Segment, type Voice, type VoiceSink } from '../playing/voice.js';
import { type PitchStart, VoicePitch } from '../playing/voice-pitch.js';
import type { SourceContext } from '../sound-source.js';
import type { FormulaInstrument } from './formula-instrument.js';
import { FormulaMachine, type FormulaState } from './machine.js';

/** Whatever a formula does after its peak was measured, it gets no louder than this. */
const LOUDEST = 4;

/** Plays the notes of one part with a formula. */
export class FormulaPlayer implements NotePlayer {
  readonly nextWake = Number.POSITIVE_INFINITY;
  private readonly machine: FormulaMachine;
  private readonly idle: FormulaVoice[] = [];

  constructor(
    private readonly instrument: FormulaInstrument,
    private readonly part: Part,
    schedule: NoteSchedule,
    private readonly context: SourceContext,
  ) {
    this.machine = new FormulaMachine(instrument.program, context.sampleRate);
    const tail = (instrument.envelope.releaseSeconds + instrument.envelope.rampSeconds) * context.sampleRate;
    const voices = mostAtOnce(schedule.notes, Math.ceil(tail), context.maxVoices);
    for (let i = 0; i < voices; i++) this.idle.push(this.createVoice());
    for (const key of new Set(schedule.notes.map((note) => note.event.key))) this.peakGain(key);
  }

  start(note: ScheduledNote, sink: VoiceSink): void {
    sink.reserve();
    const { event } = note;
    const nominal = this.instrument.frequency(event.key, this.context.tuningHz);
    const voice = this.idle.pop() ?? this.createVoice();
    const gain = velocityGain(this.part.velocityCurve, event.velocity) * this.peakGain(event.key) * Math.SQRT1_2;
    const frequency = nominal * centsToRatio(sink.tuningCents(event.key) + (event.detuneCents ?? 0));
    const seed = mixSeed(mixSeed(this.context.seed, this.part.index), note.ordinal);
    const glideFrom = sink.channel.takeGlide(note.previousKey);
    voice.start(note, frequency, gain, seed, {
      glideCents: glideFrom < 0 ? 0 : (glideFrom - event.key) * 100,
      glideFrames: sink.channel.glideSeconds * this.context.sampleRate,
      wheelVibrato: true,
      pressureVibrato: true,
      bend: null,
      motion: null,
    });
    sink.add(voice);
  }

  wake(): void {}

  recycle(voice: Voice): void {
    this.idle.push(voice as FormulaVoice);
  }

  private createVoice(): FormulaVoice {
    return new FormulaVoice(this.machine, this.instrument, this.context.sampleRate);
  }

  private peakGain(key: number): number {
    const { peaks, frequency } = this.instrument;
    return peaks?.gain(key, frequency(key, this.context.tuningHz), this.context.sampleRate) ?? 1;
  }
}

/** One note of a formula. What bends its pitch makes time pass faster or slower, so that every phase stays continuous. */
class FormulaVoice implements Voice {
  note!: ScheduledNote;
  dying = false;
  private readonly state: FormulaState;
  private readonly envelope = new Envelope();
  private readonly softening = new OnePole();
  private readonly pitch: VoicePitch;
  private readonly sound = new Float64Array(SEGMENT_FRAMES);
  private readonly levels = new Float64Array(SEGMENT_FRAMES);
  private gain = 0;
  /** Frames since the onset, as the formula counts them. */
  private position = 0;

  constructor(
    private readonly machine: FormulaMachine,
    private readonly instrument: FormulaInstrument,
    private readonly sampleRate: number,
  ) {
    this.state = machine.createState();
    this.pitch = new VoicePitch(sampleRate);
  }

  get finished(): boolean {
    return this.envelope.finished;
  }

  get releaseFrame(): number {
    return this.note.releaseFrame;
  }

  start(note: ScheduledNote, frequency: number, gain: number, seed: number, pitch: PitchStart): void {
    const { event, onsetFrame } = note;
    this.note = note;
    this.gain = gain;
    this.position = 0;
    this.dying = false;
    this.machine.start(this.state, { frequency, velocity: Math.min(1, event.velocity / 127), key: event.key, seed });
    this.pitch.start(pitch);
    this.softening.start(event.lowPassHz ?? null, this.sampleRate);
    const untilCut = note.cutFrame - onsetFrame;
    this.envelope.start(this.instrument.envelope, this.sampleRate, note.releaseFrame - onsetFrame, untilCut);
  }

  cut(): void {
    this.dying = true;
    this.envelope.cut();
  }

  render(segment: Segment): void {
    const { machine, sampleRate, sound, levels, gain } = this;
    const { frames, left, right } = segment;
    const { time, gate, output } = machine;
    this.pitch.run(segment);
    const { ratio, ratios } = this.pitch;
    let position = this.position;
    for (let i = 0; i < frames; i++) {
      const speed = ratios === null ? ratio : ratios[i]!;
      time[i] = position / sampleRate;
      machine.ratio[i] = speed;
      position += speed;
    }
    this.position = position;
    const held = Math.min(frames, Math.max(0, this.note.releaseFrame - segment.frame));
    gate.fill(1, 0, held);
    gate.fill(0, held, frames);
    machine.run(this.state, frames);
    for (let i = 0; i < frames; i++) sound[i] = tame(output[i]! * gain);
    this.softening.run(sound, frames, 0);
    this.envelope.fill(levels, frames);
    for (let i = 0; i < frames; i++) {
      const value = sound[i]! * levels[i]!;
      left[i]! += value;
      right[i]! += value;
    }
  }
}

/** Keeps what a formula may produce (NaN, Infinity, growth without end) out of the mix. */
function tame(value: number): number {
  if (value > -LOUDEST && value < LOUDEST) return value;
  return value > 0 ? LOUDEST : value < 0 ? -LOUDEST : 0;
}
