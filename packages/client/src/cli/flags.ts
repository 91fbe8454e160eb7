import type { ParseArgsConfig } from 'node:util';

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
  /** The render option that the value is for, by its dotted name. */
  readonly option?: string;
}

/** Every flag, in the order of the help. */
export const flags = {
  output: { type: 'string', short: 'o', value: 'PATH', help: 'File to write, a folder, or - for standard output.' },
  format: {
    type: 'string',
    short: 'f',
    value: 'FORMAT',
    help: 'wav, flac, mp3 or opus; by default what PATH ends with, else wav.',
    option: 'format',
  },
  stems: { type: 'boolean', help: 'Also writes every part to a file in the folder NAME.stems.', option: 'stems' },
  'sample-rate': { type: 'string', value: 'HZ', help: '8000 to 192000; 44100 by default.', option: 'sampleRate' },
  'bit-depth': { type: 'string', value: 'BITS', help: '16, 24 or 32; 24 by default.', option: 'bitDepth' },
  quality: { type: 'string', value: 'QUALITY', help: 'draft, standard or high.', option: 'quality' },
  'sound-font': {
    type: 'string',
    value: 'FONT',
    help: 'Sound font by name or, without --server, by file.',
    option: 'soundFont',
  },
  normalize: {
    type: 'string',
    value: 'HOW',
    help: 'none, peak or loudness; peak by default.',
    option: 'master.normalize',
  },
  loudness: {
    type: 'string',
    value: 'LUFS',
    help: 'Integrated loudness to aim at, such as -16.',
    option: 'master.loudnessLufs',
  },
  set: { type: 'string', multiple: true, value: 'NAME=VALUE', help: 'Any option, such as --set master.peakDb=-1.' },
  options: { type: 'string', value: 'FILE', help: 'Options as JSON; flags win over them, --set over both.' },
  server: { type: 'string', value: 'URL', help: 'Renders by the service at URL instead of on this machine.' },
  'api-key': { type: 'string', value: 'KEY', help: 'Key for the service; better in MUSISTRATA_API_KEY.' },
  'sound-fonts': { type: 'string', value: 'FOLDER', help: 'Sound fonts to offer by name; also SOUNDFONT_DIR.' },
  samples: { type: 'string', value: 'FOLDER', help: 'Sample instruments to offer by name; also SAMPLES_DIR.' },
  catalogue: {
    type: 'string',
    value: 'FILE',
    help: 'Instruments of your own; also CATALOGUE_FILES, DEFAULT_SOUNDFONT.',
  },
  parse: { type: 'boolean', help: 'Says what the scores hold and renders nothing.' },
  'list-instruments': { type: 'boolean', help: 'Says what can be played.' },
  'list-options': { type: 'boolean', help: 'Says what --set understands.' },
  json: { type: 'boolean', help: 'Results on standard output, one line of JSON per score.' },
  quiet: { type: 'boolean', short: 'q', help: 'No progress, no warnings, no summary.' },
  help: { type: 'boolean', short: 'h', help: 'This text.' },
  version: { type: 'boolean', help: 'The version.' },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;

/** Flags that stand for one render option. */
export const optionFlags: readonly (readonly [flag: FlagName, option: string])[] = Object.entries(flags).flatMap(
  ([name, flag]) => ('option' in flag ? [[name as FlagName, flag.option] as const] : []),
);

/** The same for node:util's parser. */
export const parserFlags: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
  Object.entries(flags).map(([name, flag]) => [
    name,
    {
      type: flag.type,
      ...('short' in flag && { short: flag.short }),
      ...('multiple' in flag && { multiple: flag.multiple }),
    },
  ]),
);

export function helpText(): string {
  const rows = Object.entries(flags).map(([name, flag]) => {
    const short = 'short' in flag ? `-${flag.short}, ` : '    ';
    return [`  ${short}--${name}${'value' in flag ? ` ${flag.value}` : ''}`, flag.help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return `Usage: musistrata-render [OPTION]... SCORE...

Renders scores (MusiStrata songs, MIDI, MusicXML, Guitar Pro) to audio, on this machine or by a render service.
SCORE is a file, or - for standard input. Without -o the audio goes to NAME.wav in the current folder, and from
standard input to standard output.

${rows.map(([left, right]) => left.padEnd(width) + right).join('\n')}

Exit status: 0 all is rendered, 1 this machine failed, 2 the command line makes no sense, 3 a score, an option or an
instrument was refused, 4 the service cannot be reached or is busy, 5 the service failed to render, 130 interrupted.
`;
}
