import type { Articulation } from './bank/articulation.js';
import { GENERATOR_COUNT, Gen } from './bank/generators.js';
import { CONTROLLER_SOURCE, Source } from './bank/modulators.js';
import type { Channel } from './channel.js';

/** SF2.04 8.1.3 has attenuation in centibels; the field follows the sound cards that fonts are made for, which apply 0.4 of it. */
const ATTENUATION_FACTOR = 0.4;

/** What modulators know of a note. */
export interface ModulatedNote {
  /** Key and velocity as the modulators see them (generators 46 and 47 may force them). */
  readonly key: number;
  readonly velocity: number;
  /** The key that was struck: which drum it is in a kit. */
  readonly struckKey: number;
  readonly linearVelocity: boolean;
}

/** A voice's generators with everything added that the note, the channel and the drum kit do to them. */
export class ModulatedGenerators {
  /** By generator, in its unit. */
  readonly sum = new Float64Array(GENERATOR_COUNT);
  /** Centibels that belong to the note for good, and that controllers may give back. */
  noteAttenuation = 0;
  channelAttenuation = 0;

  add(articulation: Articulation, note: ModulatedNote, channel: Channel): void {
    const { generators, modulators } = articulation;
    const { offsets } = channel;
    for (let i = 0; i < GENERATOR_COUNT; i++) this.sum[i] = generators[i]! + offsets[i]!;
    this.noteAttenuation = this.sum[Gen.initialAttenuation]! * ATTENUATION_FACTOR;
    this.channelAttenuation = 0;
    let vibratoChange = channel.vibratoChange;
    for (let i = 0; i < modulators.length; i++) {
      const modulator = modulators[i]!;
      const { source, destination } = modulator;
      const attenuates = destination === Gen.initialAttenuation;
      const ofNote =
        (source & CONTROLLER_SOURCE) === 0 && ((source & 0x7f) === Source.velocity || (source & 0x7f) === Source.key);
      if (attenuates && note.linearVelocity && source !== 0 && (source & 0xff) === Source.velocity) continue;
      let value = channel.source(source, note.key, note.velocity);
      if (value === 0) continue;
      if (modulator.amountSource !== 0) value *= channel.source(modulator.amountSource, note.key, note.velocity);
      value *= modulator.amount;
      if (destination === Gen.vibLfoToPitch && (source & 0xff) === (CONTROLLER_SOURCE | 1))
        value *= channel.modulationDepth / 50;
      if (destination === Gen.vibLfoToPitch && (source & 0xff) === VIBRATO_DEPTH) {
        vibratoChange += value;
        continue;
      }
      if (modulator.transform === 2) value = Math.abs(value);
      if (!attenuates) this.sum[destination]! += value;
      else if (ofNote && modulator.amountSource === 0) this.noteAttenuation += value;
      else this.channelAttenuation += value;
    }
    this.sum[Gen.vibLfoToPitch] = deepened(this.sum[Gen.vibLfoToPitch]!, vibratoChange);
    if (channel.percussion) this.channelAttenuation += channel.drums.apply(note.struckKey, this.sum, generators);
  }
}

const VIBRATO_DEPTH = CONTROLLER_SOURCE | 77;

/** A vibrato of so many cents made deeper or flatter, but never turned upside down. */
function deepened(depth: number, change: number): number {
  return depth < 0 ? Math.min(0, depth - change) : Math.max(0, depth + change);
}
