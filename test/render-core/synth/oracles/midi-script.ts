import { at, end, smf, tempo } from '../../score/smf.js';

/** A message that a MIDI file has at a time in milliseconds. */
export interface TimedMessage {
  readonly time: number;
  readonly bytes: readonly number[];
}

/** A MIDI file of one tempo with a tick of a millisecond: FluidSynth's own player loses time where the tempo changes. */
export function midiScript(messages: readonly TimedMessage[], endTime: number): Uint8Array {
  const sorted = messages.map((message, index) => ({ message, index }));
  sorted.sort((a, b) => a.message.time - b.message.time || a.index - b.index);
  const track: number[] = tempo(0, 500_000);
  let now = 0;
  for (const { message } of sorted) {
    track.push(...at(message.time - now, ...message.bytes));
    now = message.time;
  }
  track.push(...end(endTime - now));
  return smf(0, 500, [track]);
}

/** Writes messages to one channel (1-16) with times in milliseconds. */
export class ChannelScript {
  readonly messages: TimedMessage[] = [];

  constructor(readonly channel: number) {}

  #send(time: number, status: number, ...data: number[]): this {
    this.messages.push({ time, bytes: [status + this.channel - 1, ...data] });
    return this;
  }

  note(time: number, key: number, length: number, velocity = 100): this {
    return this.#send(time, 0x90, key, velocity).#send(time + length, 0x80, key, 64);
  }

  controller(time: number, number: number, value: number): this {
    return this.#send(time, 0xb0, number, value);
  }

  program(time: number, program: number): this {
    return this.#send(time, 0xc0, program);
  }

  pressure(time: number, value: number): this {
    return this.#send(time, 0xd0, value);
  }

  keyPressure(time: number, key: number, value: number): this {
    return this.#send(time, 0xa0, key, value);
  }

  /** 0-16383. */
  bend(time: number, value: number): this {
    return this.#send(time, 0xe0, value & 127, value >> 7);
  }

  /** A registered parameter, 14 bits. */
  registered(time: number, parameter: number, coarse: number, fine = 0): this {
    return this.controller(time, 101, parameter >> 7)
      .controller(time, 100, parameter & 127)
      .controller(time, 38, fine)
      .controller(time, 6, coarse);
  }

  /** NRPN 120: a generator by its number, by a number of its steps (SF2.04 9.6). */
  generator(time: number, generator: number, amount: number): this {
    this.controller(time, 99, 120);
    for (let rest = generator; ; rest -= 100) {
      this.controller(time, 98, rest >= 100 ? 101 : rest);
      if (rest < 100) break;
    }
    return this.controller(time, 38, (amount + 8192) & 127).controller(time, 6, (amount + 8192) >> 7);
  }
}
