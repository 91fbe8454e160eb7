import type {
  NoteEvent,
  Part,
  PartBus,
  PartEvent,
  Performance,
  PresetNumber,
  SoundSource,
  SourceContext,
  Warning,
} from '@musistrata/render-core';

/** A note with the usual things filled in. */
export function note(given: Partial<NoteEvent> = {}): NoteEvent {
  return { kind: 'note', time: 0, key: 69, velocity: 100, duration: 1, ...given };
}

export function controller(time: number, number: number, value: number): PartEvent {
  return { kind: 'controller', time, controller: number, value };
}

/** A part of these events, velocities linear, in time order. */
export function part(events: readonly PartEvent[], given: Partial<Part> = {}): Part {
  return {
    index: 0,
    name: 'Part 1',
    channel: null,
    port: 0,
    percussion: false,
    instrument: null,
    velocityCurve: 'linear',
    events: [...events].sort((a, b) => a.time - b.time),
    ...given,
  };
}

/** A score of these parts, a minute long. */
export function scoreOf(...parts: readonly Part[]): Performance {
  return {
    format: 'musistrata',
    title: null,
    copyright: null,
    parts: parts.map((entry, index) => ({ ...entry, index })),
    tempoMap: { tempos: [], meters: [] },
    markers: [],
    lyrics: [],
    endSeconds: 60,
    noteCount: parts.reduce((count, { events }) => count + events.filter(({ kind }) => kind === 'note').length, 0),
    defaultTail: 'silence',
    warnings: [],
  };
}

export interface Recording {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly reverb: Float32Array;
  readonly chorus: Float32Array;
  readonly warnings: readonly Warning[];
  readonly stolenNotes: number;
  /** Whether the source still had something to say at the end. */
  readonly active: boolean;
}

export interface RecordingOptions extends Partial<SourceContext> {
  readonly seconds?: number;
  /** Lengths of the calls of render, repeated; by default one block after another. */
  readonly divisions?: readonly number[];
  readonly preset?: PresetNumber;
}

/** Renders one part alone. */
export function record(source: SoundSource, played: Part, options: RecordingOptions = {}): Recording {
  return recordParts(source, [played], options)[0]!;
}

/** Renders parts together, each to its own recording. */
export function recordParts(
  source: SoundSource,
  parts: readonly Part[],
  { seconds = 2, divisions, preset, ...given }: RecordingOptions = {},
): Recording[] {
  const warnings: Warning[] = [];
  const context: SourceContext = {
    sampleRate: 44100,
    blockFrames: 1024,
    quality: 'standard',
    tuningHz: 440,
    maxVoices: null,
    seed: 1,
    warn: (warning) => warnings.push(warning),
    ...given,
  };
  const frames = Math.round(seconds * context.sampleRate);
  const buses = parts.map(() => emptyBus(context.blockFrames));
  const takes = parts.map(() => emptyBus(frames));
  const renderer = source.open(
    parts.map((played, index) => ({ part: played, bus: buses[index]!, preset: preset ?? null })),
    context,
  );
  let done = 0;
  for (let call = 0; done < frames; call++) {
    const length = divisions === undefined ? context.blockFrames : divisions[call % divisions.length]!;
    const run = Math.min(length, context.blockFrames, frames - done);
    buses.forEach((bus, index) => {
      for (const line of LINES) bus[line].fill(0);
      if (index === buses.length - 1) renderer.render(run);
    });
    buses.forEach((bus, index) => {
      for (const line of LINES) takes[index]![line].set(bus[line].subarray(0, run), done);
    });
    done += run;
  }
  const { stolenNotes, active } = renderer;
  renderer.close();
  renderer.close();
  return takes.map((take) => ({ ...take, warnings, stolenNotes, active }));
}

const LINES = ['left', 'right', 'reverb', 'chorus'] as const;

function emptyBus(frames: number): PartBus {
  return {
    left: new Float32Array(frames),
    right: new Float32Array(frames),
    reverb: new Float32Array(frames),
    chorus: new Float32Array(frames),
  };
}
