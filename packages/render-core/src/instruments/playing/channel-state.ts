import type { Part, PartEvent, SystemMessage } from '../../score/performance.js';
import { balanceLeft, balanceRight, panPosition, usualReverb, volumeGain } from './gains.js';
import { RegisteredParameters } from './registered-parameters.js';

/** Part of the signal that controllers 91 and 93 send at 127 (SF2.04 8.4.9 and 8.4.10: 20 %). */
const FULL_SEND = 0.2;

const MODULATION = 1;
const PORTAMENTO_TIME = 5;
const PORTAMENTO_TIME_FINE = 37;
const PORTAMENTO = 65;
const SOFT_PEDAL = 67;
const VIBRATO_RATE = 76;
const VIBRATO_DEPTH = 77;
const PORTAMENTO_FROM = 84;

/** Vibrato of instruments that say nothing about it: Hz, and cents at full modulation wheel or channel pressure (SF2.04 8.4.3, 8.4.4). */
const USUAL_VIBRATO_HERTZ = 5.5;
const USUAL_VIBRATO_CENTS = 50;

/** Level under the soft pedal, as in the sound font engine: -2.5 dB. */
const SOFT_GAIN = 10 ** (-2.5 / 20);

/**
 * What the controllers, bends and system messages of a part have set, for all sources that have no synthesizer of their own.
 * Means the same as in the sound font engine (synth/channel.ts). Pedals, mono mode and note-offs are not here: they decide when notes end (see NoteSchedule).
 */
export class ChannelState {
  /** Gain of controllers 7 and 11 and the master volume. */
  gain = 1;
  /** Gains of controller 10 for a stereo signal; 1 and 1 at the centre. */
  left = 1;
  right = 1;
  /** Part of the signal that goes to the score-wide reverb and chorus, 0-0.2. */
  reverbSend = 0;
  chorusSend = 0;
  /** Cents from the wheel, RPN 1 and 2 and the master tuning; and without the wheel. */
  pitchCents = 0;
  unbentCents = 0;
  /** -1 to 1. */
  wheel = 0;
  /** 0-127. */
  readonly controllers = new Uint8Array(128);
  channelPressure = 0;
  vibratoHertz = USUAL_VIBRATO_HERTZ;

  private volume = 0;
  private expression = 0;
  private masterVolume = 1;
  private readonly parameters = new RegisteredParameters();
  private masterCents = 0;
  private readonly keyCents = new Float64Array(128);

  /**
   * Scores with linear velocities say everything about loudness in the velocity: their volume starts at unity, not at General MIDI's 100,
   * and without reverb.
   */
  constructor(private readonly part: Part) {
    this.reset();
  }

  /** Cents by which a tuning table moves a key 0-127. */
  tuningCents(key: number): number {
    return this.keyCents[key] ?? 0;
  }

  /** Cents by which a voice's vibrato goes up and down, from the modulation wheel and from channel pressure as far as they bring any. */
  vibratoCents(wheel: boolean, pressure: boolean): number {
    let cents = 0;
    if (wheel) cents += (this.parameters.modulationDepthCents * this.controllers[MODULATION]!) / 127;
    if (pressure) cents += (USUAL_VIBRATO_CENTS * this.channelPressure) / 127;
    if (wheel) cents += USUAL_VIBRATO_CENTS * around(this.controllers[VIBRATO_DEPTH]!);
    return Math.max(0, cents);
  }

  /** The key from which a new note glides, or -1. Controller 84 names it for one note; otherwise it is the key before. */
  takeGlide(previousKey: number): number {
    const named = this.controllers[PORTAMENTO_FROM]!;
    this.controllers[PORTAMENTO_FROM] = 0;
    if (named > 0) return named;
    return this.controllers[PORTAMENTO]! >= 64 ? previousKey : -1;
  }

  /** Seconds that a glide takes: controller 5, with 37, in milliseconds. */
  get glideSeconds(): number {
    return (this.controllers[PORTAMENTO_TIME]! * 128 + this.controllers[PORTAMENTO_TIME_FINE]!) / 1000;
  }

  /** Takes note of an event; notes and programs mean nothing here. */
  apply(event: PartEvent): void {
    if (event.kind === 'controller') this.control(event.controller, event.value);
    else if (event.kind === 'pitchBend') {
      this.wheel = (event.value - 8192) / 8192;
      this.updatePitch();
    } else if (event.kind === 'channelPressure') this.channelPressure = event.pressure;
    else if (event.kind === 'system') this.system(event.message);
  }

  private control(controller: number, value: number): void {
    this.controllers[controller & 127] = value;
    switch (controller) {
      case 7:
        this.volume = value;
        this.updateGain();
        break;
      case 10:
        this.setPan(value);
        break;
      case 11:
        this.expression = value;
        this.updateGain();
        break;
      case SOFT_PEDAL:
        this.updateGain();
        break;
      case VIBRATO_RATE:
        this.vibratoHertz = USUAL_VIBRATO_HERTZ * 2 ** around(value);
        break;
      case 91:
        this.reverbSend = (FULL_SEND * value) / 127;
        break;
      case 93:
        this.chorusSend = (FULL_SEND * value) / 127;
        break;
      case 121:
        this.resetControllers();
        break;
      default:
        if (this.parameters.control(controller, value)) this.updatePitch();
    }
  }

  private system(message: SystemMessage): void {
    switch (message.type) {
      case 'reset':
        this.reset();
        break;
      case 'masterVolume':
        this.masterVolume = message.value;
        this.updateGain();
        break;
      case 'masterTuning':
        this.masterCents = message.cents;
        this.updatePitch();
        break;
      case 'tuning':
        for (let key = 0; key < 128; key++) this.keyCents[key] = message.cents[key] ?? 0;
        break;
    }
  }

  /** Controller 121 leaves volume, pan, sends and tunings alone (MIDI recommended practice RP-015). */
  private resetControllers(): void {
    const { controllers } = this;
    for (const number of [MODULATION, PORTAMENTO, SOFT_PEDAL]) controllers[number] = 0;
    this.expression = controllers[11] = 127;
    this.channelPressure = 0;
    this.wheel = 0;
    this.parameters.deselect();
    this.updateGain();
    this.updatePitch();
  }

  private reset(): void {
    this.controllers.fill(0);
    this.controllers.fill(64, 70, 80);
    this.vibratoHertz = USUAL_VIBRATO_HERTZ;
    this.parameters.reset();
    this.volume = this.part.velocityCurve === 'linear' ? 127 : 100;
    this.masterVolume = 1;
    this.masterCents = 0;
    this.keyCents.fill(0);
    this.reverbSend = (FULL_SEND * usualReverb(this.part)) / 127;
    this.chorusSend = 0;
    this.setPan(64);
    this.resetControllers();
  }

  private setPan(value: number): void {
    const position = panPosition(value);
    this.left = value === 64 ? 1 : balanceLeft(position);
    this.right = value === 64 ? 1 : balanceRight(position);
  }

  private updateGain(): void {
    this.gain = volumeGain(this.volume / 127) * volumeGain(this.expression / 127) * volumeGain(this.masterVolume);
    if (this.controllers[SOFT_PEDAL]! >= 64) this.gain *= SOFT_GAIN;
  }

  private updatePitch(): void {
    const { fineCents, coarseCents, bendRangeCents } = this.parameters;
    this.unbentCents = fineCents + coarseCents + this.masterCents;
    this.pitchCents = this.unbentCents + this.wheel * bendRangeCents;
  }
}

/** -1 to 1 for a controller that rests at 64. */
function around(value: number): number {
  return value <= 64 ? (value - 64) / 64 : (value - 64) / 63;
}
