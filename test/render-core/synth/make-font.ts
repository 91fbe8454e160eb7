/** Writes small SoundFont 2 files with exactly the generators and modulators that a test is about. */

export interface FontSample {
  readonly name?: string;
  /** -1 to 1. */
  readonly data: Float32Array;
  readonly rate?: number;
  readonly rootKey?: number;
  readonly correction?: number;
  readonly loop?: readonly [start: number, end: number];
}

export interface FontModulator {
  readonly source: number;
  readonly destination: number;
  readonly amount: number;
  readonly amountSource?: number;
  readonly transform?: number;
}

export interface FontZone {
  /** Generator number and value, in the order of the file. Ranges are generators 43 and 44 with `low | high << 8`. */
  readonly generators?: readonly (readonly [number, number])[];
  readonly modulators?: readonly FontModulator[];
  /** Index of the sample (instruments) or instrument (presets); a zone without one is the global zone. */
  readonly target?: number;
}

export interface FontDescription {
  readonly samples: readonly FontSample[];
  /** Silent frames after each sample; SF2.04 6.1 wants 46. @default 46 */
  readonly gap?: number;
  readonly instruments: readonly (readonly FontZone[])[];
  readonly presets: readonly {
    readonly bank?: number;
    readonly program?: number;
    readonly zones: readonly FontZone[];
  }[];
}

/** A font with one preset, one instrument, one zone, one sample. */
export function simpleFont(
  sample: FontSample,
  generators: FontZone['generators'] = [],
  modulators: FontZone['modulators'] = [],
): Uint8Array {
  return makeFont({
    samples: [sample],
    instruments: [[{ generators, modulators, target: 0 }]],
    presets: [{ zones: [{ target: 0 }] }],
  });
}

/** One second of a sine with whole periods in its loop, at 44.1 kHz and key 69. */
export function sineSample(frequency = 441, seconds = 1, amplitude = 0.5): FontSample {
  const frames = Math.round(44100 * seconds);
  const data = Float32Array.from(
    { length: frames },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / 44100),
  );
  const period = 44100 / frequency;
  return {
    data,
    rate: 44100,
    rootKey: 69,
    loop: [Math.round(period * 10), Math.round(period * Math.floor(frames / period - 10))],
  };
}

/** A sample that is the same everywhere: what comes out is the gain. */
export function constantSample(value = 0.5, frames = 1000): FontSample {
  return { data: new Float32Array(frames).fill(value), rate: 44100, rootKey: 60, loop: [100, frames - 100] };
}

export function makeFont(font: FontDescription): Uint8Array {
  const smpl = new Bytes();
  const shdr = new Bytes();
  for (const [index, sample] of font.samples.entries()) {
    const start = smpl.length / 2;
    for (const value of sample.data) smpl.word(Math.round(Math.max(-1, Math.min(32767 / 32768, value)) * 32768));
    const end = smpl.length / 2;
    for (let i = 0; i < (font.gap ?? 46); i++) smpl.word(0);
    const [loopStart, loopEnd] = sample.loop ?? [0, sample.data.length];
    shdr.text(sample.name ?? `sample ${index}`, 20);
    shdr
      .dword(start)
      .dword(end)
      .dword(start + loopStart)
      .dword(start + loopEnd);
    shdr
      .dword(sample.rate ?? 44100)
      .byte(sample.rootKey ?? 60)
      .byte(sample.correction ?? 0)
      .word(0)
      .word(1);
  }
  shdr.text('EOS', 20).dword(0).dword(0).dword(0).dword(0).dword(0).word(0).word(0).word(0);
  const inst = new Bytes();
  const instrumentZones = new ZoneTables(53);
  for (const [index, zones] of font.instruments.entries()) {
    inst.text(`instrument ${index}`, 20).word(instrumentZones.count);
    for (const zone of zones) instrumentZones.add(zone);
  }
  inst.text('EOI', 20).word(instrumentZones.count);
  const phdr = new Bytes();
  const presetZones = new ZoneTables(41);
  for (const [index, preset] of font.presets.entries()) {
    phdr
      .text(`preset ${index}`, 20)
      .word(preset.program ?? 0)
      .word(preset.bank ?? 0)
      .word(presetZones.count);
    phdr.dword(0).dword(0).dword(0);
    for (const zone of preset.zones) presetZones.add(zone);
  }
  phdr.text('EOP', 20).word(0).word(0).word(presetZones.count).dword(0).dword(0).dword(0);
  const info = new Bytes().ascii('INFO').chunk('ifil', new Bytes().word(2).word(4));
  info.chunk('isng', new Bytes().text('EMU8000', 8)).chunk('INAM', new Bytes().text('test', 6));
  const p = presetZones.finish();
  const i = instrumentZones.finish();
  const pdta = new Bytes()
    .ascii('pdta')
    .chunk('phdr', phdr)
    .chunk('pbag', p.bag)
    .chunk('pmod', p.mod)
    .chunk('pgen', p.gen);
  pdta.chunk('inst', inst).chunk('ibag', i.bag).chunk('imod', i.mod).chunk('igen', i.gen).chunk('shdr', shdr);
  const body = new Bytes().ascii('sfbk').chunk('LIST', info);
  body.chunk('LIST', new Bytes().ascii('sdta').chunk('smpl', smpl)).chunk('LIST', pdta);
  return new Bytes().chunk('RIFF', body).done();
}

class ZoneTables {
  readonly #bag = new Bytes();
  readonly #gen = new Bytes();
  readonly #mod = new Bytes();
  count = 0;

  constructor(readonly terminal: number) {}

  add(zone: FontZone): void {
    this.#mark();
    for (const [generator, value] of zone.generators ?? []) this.#gen.word(generator).word(value);
    if (zone.target !== undefined) this.#gen.word(this.terminal).word(zone.target);
    for (const modulator of zone.modulators ?? []) {
      this.#mod.word(modulator.source).word(modulator.destination).word(modulator.amount);
      this.#mod.word(modulator.amountSource ?? 0).word(modulator.transform ?? 0);
    }
  }

  finish(): { bag: Bytes; gen: Bytes; mod: Bytes } {
    this.#mark();
    return { bag: this.#bag, gen: this.#gen.word(0).word(0), mod: this.#mod.word(0).word(0).word(0).word(0).word(0) };
  }

  #mark(): void {
    this.#bag.word(this.#gen.length / 4).word(this.#mod.length / 10);
    this.count++;
  }
}

class Bytes {
  #bytes = new Uint8Array(1024);
  length = 0;

  byte(value: number): this {
    if (this.length === this.#bytes.length) {
      const longer = new Uint8Array(this.length * 2);
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes[this.length++] = value;
    return this;
  }

  word(value: number): this {
    return this.byte(value & 0xff).byte((value >> 8) & 0xff);
  }

  dword(value: number): this {
    return this.word(value & 0xffff).word(Math.floor(value / 65536));
  }

  ascii(text: string): this {
    for (const character of text) this.byte(character.charCodeAt(0));
    return this;
  }

  text(text: string, length: number): this {
    return this.ascii(text.slice(0, length).padEnd(length, '\0'));
  }

  chunk(name: string, content: Bytes): this {
    this.ascii(name).dword(content.length);
    for (const byte of content.done()) this.byte(byte);
    if (content.length % 2 === 1) this.byte(0);
    return this;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}
