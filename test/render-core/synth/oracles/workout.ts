import { seededRandom } from '../../instruments/measure.js';
import { type FontSample, makeFont } from '../make-font.js';
import { ChannelScript, midiScript } from './midi-script.js';

interface MidiWork {
  readonly midi: Uint8Array;
  readonly seconds: number;
}

/** Short files of one tempo, each about one thing that a MIDI file can ask of a synthesizer. */
export const workout: Readonly<Record<string, () => MidiWork>> = {
  'pitch bend, its range, modulation wheel and pressure': () => {
    const lead = new ChannelScript(1).program(0, 0);
    for (let bar = 0; bar < 4; bar++) {
      const time = bar * 1000;
      lead.registered(time, 0, [2, 12, 7, 1][bar]!, bar === 3 ? 50 : 0).note(time + 20, 60 + bar, 800);
      for (let step = 0; step <= 16; step++) lead.bend(time + 100 + step * 40, Math.min(16383, step * 1024));
      lead.bend(time + 960, 8192);
    }
    lead.controller(4000, 1, 127).note(4020, 64, 700).controller(4750, 1, 0);
    lead.pressure(5000, 100).note(5020, 67, 700).pressure(5750, 0);
    return file(6000, lead);
  },
  'sustain and sostenuto pedals': () => {
    const keys = new ChannelScript(1).program(0, 1);
    for (let bar = 0; bar < 3; bar++) {
      const time = bar * 1500;
      keys
        .controller(time + 50, 64, 127)
        .note(time + 100, 55 + bar, 100)
        .note(time + 300, 62 + bar, 100);
      keys.controller(time + 1000, 64, 0).note(time + 1100, 67 + bar, 150);
    }
    keys.note(4500, 48, 500).controller(4600, 66, 127).note(4800, 60, 100).controller(5600, 66, 0);
    return file(6300, keys);
  },
  'volume, expression and pan': () => {
    const one = new ChannelScript(1).program(0, 0).note(20, 57, 5500);
    const two = new ChannelScript(2).program(0, 2).note(20, 64, 5500);
    for (let step = 0; step < 50; step++) {
      one.controller(100 + step * 100, 7, 127 - step * 2).controller(105 + step * 100, 10, (step * 5) % 128);
      two.controller(150 + step * 100, 11, 30 + step).controller(155 + step * 100, 10, 127 - ((step * 7) % 128));
    }
    return file(6000, one, two);
  },
  'tuning by registered parameters': () => {
    const lead = new ChannelScript(1).program(0, 0);
    [32, 64, 80, 96].forEach((coarse, index) => {
      lead.registered(index * 700, 1, coarse).note(index * 700 + 20, 60, 600);
    });
    [60, 64, 67, 76].forEach((coarse, index) => {
      lead.registered(2800 + index * 700, 1, 64).registered(2805 + index * 700, 2, coarse);
      lead.note(2820 + index * 700, 60, 600);
    });
    return file(5800, lead);
  },
  'generators by NRPN': () => {
    const lead = new ChannelScript(1).program(0, 2);
    [-1500, -750, 0, 750, 1500].forEach((steps, index) => {
      lead.generator(index * 800, 8, steps).note(index * 800 + 20, 50, 700);
    });
    return file(4200, lead);
  },
  'resonance, release, attack, cutoff and decay by controllers, and a filter that an LFO sweeps': () => {
    const lead = new ChannelScript(1).program(0, 3);
    [71, 72, 73, 74, 75].forEach((number, index) => {
      for (const [step, value] of [10, 64, 118].entries()) {
        const time = (index * 3 + step) * 900;
        lead.controller(time, number, value).note(time + 20, 50 + step, 450);
      }
      lead.controller((index + 1) * 2700 - 10, number, 64);
    });
    return file(14000, lead);
  },
  'a drum kit with an exclusive class': () => {
    const kit = new ChannelScript(10);
    for (let step = 0; step < 24; step++) {
      kit.note(20 + step * 250, step % 4 === 3 ? 46 : 42, 100, 70 + step * 2);
      if (step % 4 === 0) kit.note(20 + step * 250, 36, 100, 110);
      if (step % 4 === 2) kit.note(20 + step * 250, 38, 100, 100);
    }
    return file(6500, kit);
  },
  portamento: () => {
    const lead = new ChannelScript(1).program(0, 0).controller(0, 65, 127).controller(0, 5, 2);
    [60, 72, 55, 67, 48].forEach((key, index) => {
      // FluidSynth glides between notes that overlap only.
      lead.note(20 + index * 900, key, 950);
    });
    return file(4800, lead);
  },
  'mono mode': () => {
    const lead = new ChannelScript(1).program(0, 0).controller(0, 126, 1);
    lead.note(20, 60, 1500).note(500, 64, 600).note(2000, 67, 900).note(2500, 55, 900);
    return file(4200, lead);
  },
  'many voices of all kinds': () => {
    const random = seededRandom(11);
    const scripts = [1, 2, 3].map((channel) => new ChannelScript(channel).program(0, channel - 1));
    for (let step = 0; step < 60; step++) {
      const script = scripts[step % 3]!;
      script.note(20 + step * 100, 40 + Math.floor(random() * 40), 80 + Math.floor(random() * 400), 30 + step);
    }
    return file(7000, ...scripts);
  },
};

function file(milliseconds: number, ...scripts: readonly ChannelScript[]): MidiWork {
  const messages = scripts.flatMap((script) => script.messages);
  return { midi: midiScript(messages, milliseconds), seconds: milliseconds / 1000 };
}

/** Linear and bipolar, as General MIDI 2 means them and as FluidSynth follows them where a font says so. */
const SOUND_CONTROLLERS = [
  [71, 9, 240],
  [72, 38, 3600],
  [73, 34, 3600],
  [74, 8, 4800],
  [75, 36, 3600],
].map(([number, destination, amount]) => ({ source: 0x280 | number!, destination: destination!, amount: amount! }));

/** A lead with both LFOs, a struck string, a pad with a sweeping filter, a sound that follows controllers 71 to 75, and a kit of three drums. */
export function workoutFont(): Uint8Array {
  const noise: FontSample = { data: decayingNoise(22050), rate: 44100, rootKey: 60 };
  return makeFont({
    samples: [sawtooth(), noise],
    instruments: [
      [
        {
          generators: [
            [54, 1],
            [8, 11500],
            [34, -5000],
            [38, -2400],
            [22, -300],
            [24, -800],
            [23, -3000],
            [13, 20],
          ],
          target: 0,
        },
      ],
      [
        {
          generators: [
            [54, 1],
            [8, 9500],
            [36, 1200],
            [37, 1000],
            [38, -1500],
            [40, 30],
          ],
          target: 0,
        },
      ],
      [
        {
          generators: [
            [54, 1],
            [8, 6500],
            [9, 60],
            [11, 3600],
            [26, -1200],
            [28, 0],
            [29, 400],
            [30, -1200],
            [34, -2400],
            [37, 60],
            [38, -1800],
          ],
          target: 0,
        },
      ],
      [
        {
          generators: [
            [43, range(36)],
            [38, 0],
            [8, 7000],
            [58, 48],
          ],
          target: 1,
        },
        {
          generators: [
            [43, range(38)],
            [38, 0],
            [17, 200],
          ],
          target: 1,
        },
        {
          generators: [
            [43, range(42)],
            [38, 0],
            [57, 1],
            [36, -3000],
            [37, 1000],
            [17, -300],
            [58, 36],
          ],
          target: 1,
        },
        {
          generators: [
            [43, range(46)],
            [38, 0],
            [57, 1],
            [17, -300],
            [58, 36],
          ],
          target: 1,
        },
      ],
      [
        {
          generators: [
            [54, 1],
            [8, 7500],
            [9, 100],
            [10, 1800],
            [22, -2400],
            [34, -4800],
            [36, 0],
            [37, 300],
            [38, -2400],
          ],
          modulators: SOUND_CONTROLLERS,
          target: 0,
        },
      ],
    ],
    presets: [
      { program: 0, zones: [{ target: 0 }] },
      { program: 1, zones: [{ target: 1 }] },
      { program: 2, zones: [{ target: 2 }] },
      { program: 3, zones: [{ target: 4 }] },
      { bank: 128, program: 0, zones: [{ target: 3 }] },
    ],
  });
}

/** A zone's range of one key. */
function range(key: number): number {
  return key | (key << 8);
}

/** Sixty periods of a band-limited sawtooth of 220.5 Hz. */
function sawtooth(): FontSample {
  const data = new Float32Array(200 * 60);
  for (let i = 0; i < data.length; i++) {
    for (let partial = 1; partial <= 40; partial++)
      data[i]! += (0.25 / partial) * Math.sin((2 * Math.PI * partial * i) / 200);
  }
  return { data, rate: 44100, rootKey: 57, loop: [200, 200 * 59] };
}

function decayingNoise(frames: number): Float32Array {
  const random = seededRandom(5);
  return Float32Array.from({ length: frames }, (_, i) => 0.8 * (2 * random() - 1) * Math.exp((-6 * i) / frames));
}
