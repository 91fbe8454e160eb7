import type { PartEvent, SystemMessage } from '../score/performance.js';
import { GENERATOR_COUNT, Gen, nrpnStep } from './bank/generators.js';
import { CONTROLLER_SOURCE, Source, sourceCurve } from './bank/modulators.js';
import { DrumSetup } from './drum-setup.js';

/** Which maker's rules bank selects follow. */
export type MidiSystem = 'gm' | 'gm2' | 'gs' | 'xg';

const DATA_ENTRY = 6;
const DATA_ENTRY_FINE = 38;
const DATA_INCREMENT = 96;
const DATA_DECREMENT = 97;
const NRPN_FINE = 98;
const NRPN = 99;
const RPN_FINE = 100;
const RPN = 101;
const NULL_PARAMETER = 0x3fff;

/** What an event changed: nothing that sounds, the gains only, the voices, or the preset. */
export const Change = { none: 0, voices: 1, preset: 2, silence: 3 } as const;
export type Change = (typeof Change)[keyof typeof Change];

/** The state of a MIDI channel: everything that events other than notes set. */
export class Channel {
  readonly controllers = new Uint8Array(128);
  readonly keyPressure = new Uint8Array(128);
  channelPressure = 0;
  /** 0-16383. */
  bend = 8192;
  /** Semitones. */
  bendRange = 2;
  /** Vibrato at full modulation wheel, in cents (RPN 5). */
  modulationDepth = 50;
  /** Cents that GS and XG make vibrato deeper or flatter. */
  vibratoChange = 0;
  /** Cents; the coarse one does not apply to drums. */
  fineTuning = 0;
  coarseTuning = 0;
  masterTuning = 0;
  readonly keyTuning = new Float64Array(128);
  /** 0-1. */
  masterVolume = 1;
  program = 0;
  percussion: boolean;
  system: MidiSystem = 'gs';
  /** What NRPNs add to generators. */
  readonly offsets = new Float64Array(GENERATOR_COUNT);
  /** Applies while the part is percussion. */
  readonly drums = new DrumSetup();
  /** Counts changes of {@link keyTuning} and {@link offsets}: voices of equal counts sound alike. */
  revision = 0;
  readonly #startsAsPercussion: boolean;
  readonly #usualReverb: number;
  #parameter = NULL_PARAMETER;
  #parameterIsNrpn = false;
  #dataFine = 0;

  /** @param usualReverb controller 91 until a score sets it */
  constructor(percussion: boolean, usualReverb: number) {
    this.#startsAsPercussion = percussion;
    this.#usualReverb = usualReverb;
    this.percussion = percussion;
    this.#reset();
  }

  /** Value of a modulator source for a note, through its curve. */
  source(source: number, key: number, velocity: number): number {
    const index = source & 0x7f;
    if (source & CONTROLLER_SOURCE) {
      const value = this.controllers[index]!;
      // RP-036: the middle of pan is 64, and 0 and 1 are both hard left.
      if (index === 10 || index === 8) return sourceCurve(source, Math.max(0, value - 1) / 126);
      // Controllers that rest at 64 have their middle there.
      if (index >= 71 && index <= 78) return sourceCurve(source, value <= 64 ? value / 128 : 0.5 + (value - 64) / 126);
      return sourceCurve(source, value / 127);
    }
    switch (index) {
      case Source.none:
        return 1;
      case Source.velocity:
        return sourceCurve(source, Math.min(1, velocity / 127));
      case Source.key:
        return sourceCurve(source, key / 127);
      case Source.keyPressure:
        return sourceCurve(source, this.keyPressure[key]! / 127);
      case Source.channelPressure:
        return sourceCurve(source, this.channelPressure / 127);
      case Source.pitchWheel:
        return sourceCurve(source, this.bend / 16384);
      case Source.pitchWheelSensitivity:
        return sourceCurve(source, this.bendRange / 127);
      default:
        return 0;
    }
  }

  apply(event: PartEvent): Change {
    switch (event.kind) {
      case 'controller':
        return this.#controller(event.controller, event.value);
      case 'program':
        this.program = event.program;
        // Another kit is a new setup (Yamaha XG, drum setup; Roland GS alike).
        this.drums.clear();
        return Change.preset;
      case 'pitchBend':
        this.bend = event.value;
        return Change.voices;
      case 'channelPressure':
        this.channelPressure = event.pressure;
        return Change.voices;
      case 'keyPressure':
        this.keyPressure[event.key & 0x7f] = event.pressure;
        return Change.voices;
      case 'system':
        return this.#system(event.message);
      default:
        return Change.none;
    }
  }

  #controller(number: number, value: number): Change {
    this.controllers[number & 0x7f] = value;
    switch (number) {
      case 0:
      case 32:
        return Change.none;
      case DATA_ENTRY:
        return this.#data(value);
      case DATA_ENTRY_FINE:
        this.#dataFine = value;
        return this.#data(this.controllers[DATA_ENTRY]!);
      case DATA_INCREMENT:
        return this.#data(Math.min(127, this.controllers[DATA_ENTRY]! + 1));
      case DATA_DECREMENT:
        return this.#data(Math.max(0, this.controllers[DATA_ENTRY]! - 1));
      case NRPN:
      case NRPN_FINE:
        this.#select(true, (this.controllers[NRPN]! << 7) | this.controllers[NRPN_FINE]!);
        return Change.none;
      case RPN:
      case RPN_FINE:
        this.#select(false, (this.controllers[RPN]! << 7) | this.controllers[RPN_FINE]!);
        return Change.none;
      case 120:
        return Change.silence;
      case 121:
        this.#resetControllers();
        return Change.voices;
      default:
        return Change.voices;
    }
  }

  #select(nrpn: boolean, parameter: number): void {
    this.#parameterIsNrpn = nrpn;
    this.#parameter = parameter;
    this.#dataFine = 0;
  }

  #data(coarse: number): Change {
    this.controllers[DATA_ENTRY] = coarse;
    if (this.#parameter === NULL_PARAMETER) return Change.none;
    return this.#parameterIsNrpn ? this.#nrpn(coarse) : this.#rpn(coarse);
  }

  /** Registered parameters (MIDI 1.0, RP-018, General MIDI 2). */
  #rpn(coarse: number): Change {
    switch (this.#parameter) {
      case 0:
        this.bendRange = coarse + this.#dataFine / 100;
        return Change.voices;
      case 1:
        this.fineTuning = (((coarse << 7) | this.#dataFine) - 8192) / 81.92;
        return Change.voices;
      case 2:
        this.coarseTuning = (coarse - 64) * 100;
        return Change.voices;
      case 5:
        this.modulationDepth = coarse * 100 + (this.#dataFine * 100) / 128;
        return Change.voices;
      default:
        return Change.none;
    }
  }

  #nrpn(coarse: number): Change {
    const high = this.#parameter >> 7;
    const low = this.#parameter & 0x7f;
    if (high === 120 && low < GENERATOR_COUNT) {
      // SF2.04 9.6.3: generators by their number, in steps that let 14 bits cover their range, around the middle.
      return this.#offset(low, (((coarse << 7) | this.#dataFine) - 8192) * nrpnStep(low));
    }
    if (this.drums.set(high, low, coarse)) return Change.voices;
    if (high !== 1) return Change.none;
    // Roland GS and Yamaha XG: relative changes around 64.
    const around = (coarse - 64) / 64;
    switch (low) {
      case 0x08:
        return this.#offset(Gen.freqVibLFO, around * 1200);
      case 0x09:
        this.vibratoChange = around * 50;
        return Change.voices;
      case 0x0a:
        return this.#offset(Gen.delayVibLFO, around * 3600);
      case 0x20:
        return this.#offset(Gen.initialFilterFc, around * 4800);
      case 0x21:
        return this.#offset(Gen.initialFilterQ, around * 240);
      case 0x63:
        return this.#offset(Gen.attackVolEnv, around * 3600);
      case 0x64:
        return this.#offset(Gen.decayVolEnv, around * 3600);
      case 0x66:
        return this.#offset(Gen.releaseVolEnv, around * 3600);
      default:
        return Change.none;
    }
  }

  #offset(generator: number, value: number): Change {
    this.offsets[generator] = value;
    this.revision++;
    return Change.voices;
  }

  #system(message: SystemMessage): Change {
    switch (message.type) {
      case 'reset':
        this.#reset();
        this.system = message.system === 'gm-off' ? 'gs' : message.system;
        return Change.preset;
      case 'masterVolume':
        this.masterVolume = message.value;
        return Change.voices;
      case 'masterTuning':
        this.masterTuning = message.cents;
        return Change.voices;
      case 'percussion':
        this.percussion = message.on;
        return Change.preset;
      case 'tuning':
        for (let key = 0; key < 128; key++) this.keyTuning[key] = message.cents[key] ?? 0;
        this.revision++;
        return Change.voices;
      default:
        return Change.none;
    }
  }

  /** "Reset all controllers" leaves volume, pan, banks and sounds as they are (RP-015). */
  #resetControllers(): void {
    const { controllers } = this;
    for (const number of [1, 2, 4, 64, 65, 66, 67, 68, 69]) controllers[number] = 0;
    controllers[11] = 127;
    controllers[NRPN] = controllers[NRPN_FINE] = controllers[RPN] = controllers[RPN_FINE] = 127;
    this.#parameter = NULL_PARAMETER;
    this.bend = 8192;
    this.channelPressure = 0;
    this.keyPressure.fill(0);
  }

  /** Power-on state of General MIDI 2. */
  #reset(): void {
    this.controllers.fill(0);
    this.#resetControllers();
    this.controllers[7] = 100;
    this.controllers[8] = this.controllers[10] = 64;
    this.controllers[91] = this.#usualReverb;
    for (let number = 70; number < 80; number++) this.controllers[number] = 64;
    this.bendRange = 2;
    this.modulationDepth = 50;
    this.vibratoChange = 0;
    this.fineTuning = this.coarseTuning = this.masterTuning = 0;
    this.masterVolume = 1;
    this.keyTuning.fill(0);
    this.offsets.fill(0);
    this.drums.clear();
    this.revision = 0;
    this.program = 0;
    this.percussion = this.#startsAsPercussion;
  }
}
