import type { Part, PartEvent, SystemMessage } from '../../score/performance.js';
import { balanceLeft, balanceRight, panPosition, volumeGain } from './gains.js';

/** Part of the signal that controllers 91 and 93 send at 127 (SF2.04 8.4.9 and 8.4.10: 20 %). */
const FULL_SEND = 0.2;

/** Controller 91 until a score sets it (General MIDI 2, 3.3.5). */
const USUAL_REVERB = 40;

const NO_PARAMETER = -1;

/**
 * What the controllers, bends and system messages of a part have set, for all sources that have no synthesizer of their own.
 * Pedals and note-offs are not here: they decide when notes end (see NoteSchedule).
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
  /** Cents from the wheel, RPN 1 and 2 and the master tuning. */
  pitchCents = 0;

  private volume = 0;
  private expression = 0;
  private masterVolume = 1;
  private bend = 8192;
  private bendRangeCents = 200;
  private fineCents = 0;
  private coarseCents = 0;
  private masterCents = 0;
  private readonly keyCents = new Float64Array(128);
  private parameter = NO_PARAMETER;
  private parameterCoarse = 127;
  private parameterFine = 127;
  private dataCoarse = 0;
  private dataFine = 0;

  /**
   * Scores with linear velocities say everything about loudness in the velocity: their volume starts at unity, not at General MIDI's 100,
   * and without reverb.
   */
  constructor(private readonly velocityCurve: Part['velocityCurve']) {
    this.reset();
  }

  /** Cents by which a tuning table moves a key 0-127. */
  tuningCents(key: number): number {
    return this.keyCents[key] ?? 0;
  }

  /** Takes note of an event; notes and programs mean nothing here. */
  apply(event: PartEvent): void {
    if (event.kind === 'controller') this.control(event.controller, event.value);
    else if (event.kind === 'pitchBend') {
      this.bend = event.value;
      this.updatePitch();
    } else if (event.kind === 'system') this.system(event.message);
  }

  private control(controller: number, value: number): void {
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
        this.registeredParameter(controller, value);
    }
  }

  /** Registered parameters 0-2 (MIDI 1.0 Detailed Specification, "Registered and Non-Registered Parameter Numbers"). */
  private registeredParameter(controller: number, value: number): void {
    switch (controller) {
      case 98:
      case 99:
        this.parameter = NO_PARAMETER;
        break;
      case 100:
      case 101:
        if (controller === 100) this.parameterFine = value;
        else this.parameterCoarse = value;
        this.selectParameter();
        break;
      case 6:
        this.dataCoarse = value;
        this.dataFine = this.parameter === 1 ? this.dataFine : 0;
        this.setParameter();
        break;
      case 38:
        this.dataFine = value;
        this.setParameter();
        break;
      case 96:
      case 97:
        this.dataCoarse = Math.min(127, Math.max(0, this.dataCoarse + (controller === 96 ? 1 : -1)));
        this.setParameter();
        break;
    }
  }

  private selectParameter(): void {
    const known = this.parameterCoarse === 0 && this.parameterFine <= 2;
    this.parameter = known ? this.parameterFine : NO_PARAMETER;
    if (this.parameter === 0) {
      this.dataCoarse = Math.floor(this.bendRangeCents / 100);
      this.dataFine = this.bendRangeCents % 100;
    } else if (this.parameter === 1) {
      const value = Math.round((this.fineCents / 100) * 8192) + 8192;
      this.dataCoarse = value >> 7;
      this.dataFine = value & 127;
    } else if (this.parameter === 2) {
      this.dataCoarse = this.coarseCents / 100 + 64;
    }
  }

  private setParameter(): void {
    if (this.parameter === 0) this.bendRangeCents = this.dataCoarse * 100 + this.dataFine;
    else if (this.parameter === 1) this.fineCents = ((this.dataCoarse * 128 + this.dataFine - 8192) / 8192) * 100;
    else if (this.parameter === 2) this.coarseCents = (this.dataCoarse - 64) * 100;
    this.updatePitch();
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
    this.expression = 127;
    this.bend = 8192;
    this.parameter = NO_PARAMETER;
    this.parameterCoarse = 127;
    this.parameterFine = 127;
    this.updateGain();
    this.updatePitch();
  }

  private reset(): void {
    const isLinear = this.velocityCurve === 'linear';
    this.volume = isLinear ? 127 : 100;
    this.masterVolume = 1;
    this.bendRangeCents = 200;
    this.fineCents = 0;
    this.coarseCents = 0;
    this.masterCents = 0;
    this.keyCents.fill(0);
    this.reverbSend = isLinear ? 0 : (FULL_SEND * USUAL_REVERB) / 127;
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
  }

  private updatePitch(): void {
    this.pitchCents =
      ((this.bend - 8192) / 8192) * this.bendRangeCents + this.fineCents + this.coarseCents + this.masterCents;
  }
}
