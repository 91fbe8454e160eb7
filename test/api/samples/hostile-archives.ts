import { deflateRawSync } from 'node:zlib';
import { sfz, tone } from './samples-rig.js';
import { type ZipEntry, zip } from './zip.js';

/** What the service that is asked takes, in bytes. */
export const limitBytes = 3_000_000;

const wav = tone(440, 0.1);
const harmless: ZipEntry = { name: 'Tone_60.wav', data: wav };
const with_ = (...entries: ZipEntry[]) => zip([harmless, ...entries]);
const text = Buffer.from('text');

type Refusal = [title: string, archive: () => Uint8Array<ArrayBuffer>, status: number, code: string, detail: RegExp];

/** Uploads that must be refused, with what the answer says. */
export const hostileArchives: Refusal[] = [
  ['nothing', () => Buffer.alloc(0), 400, 'body-missing', /archive of samples/],
  ['no archive', () => Buffer.from('RIFF but no ZIP'), 422, 'samples-unreadable', /not a zip file/i],
  ['an archive that is cut off', () => with_().subarray(0, -10), 422, 'samples-unreadable', /truncated/],
  ['an archive without its first half', () => with_().subarray(wav.length / 2), 422, 'samples-unreadable', /./],
  ['an empty archive', () => zip([]), 422, 'samples-unreadable', /no file that an instrument can use/],
  ['an archive of pictures', () => zip([{ name: 'a.png', data: text }]), 422, 'samples-unreadable', /no file that/],
  ['only a licence', () => zip([{ name: 'LICENSE', data: text }]), 422, 'samples-unreadable', /neither WAV nor SFZ/],
  [
    'a path out of the archive',
    () => with_({ name: '../Tone_62.wav', data: wav }),
    422,
    'samples-unreadable',
    /\.\.\//,
  ],
  ['a path out by a folder', () => with_({ name: 'a/../../b.wav', data: wav }), 422, 'samples-unreadable', /\.\.\//],
  ['an absolute path', () => with_({ name: '/tmp/Tone_62.wav', data: wav }), 422, 'samples-unreadable', /absolute/],
  ['a drive', () => with_({ name: 'C:/Tone_62.wav', data: wav }), 422, 'samples-unreadable', /absolute/],
  ['backslashes', () => with_({ name: '..\\Tone_62.wav', data: wav }), 422, 'samples-unreadable', /invalid characters/],
  [
    'a path out of it among what is ignored',
    () => with_({ name: '../a.png', data: text }),
    422,
    'samples-unreadable',
    /\.\.\//,
  ],
  [
    'a path out of it among what systems leave',
    () => with_({ name: '__MACOSX/../../a', data: text }),
    422,
    'samples-unreadable',
    /\.\.\//,
  ],
  ['a NUL in a name', () => with_({ name: 'Tone_62.wav\0.txt', data: wav }), 422, 'samples-unreadable', /characters/],
  ['a line end in a name', () => with_({ name: 'Tone\n_62.wav', data: wav }), 422, 'samples-unreadable', /characters/],
  [
    'a name that is no UTF-8',
    () => with_({ name: Buffer.from('T\xff_62.wav', 'latin1'), data: wav }),
    422,
    'samples-unreadable',
    /characters/,
  ],
  ['an empty part of a path', () => with_({ name: 'a//b.wav', data: wav }), 422, 'samples-unreadable', /no plain path/],
  [
    'a link',
    () => with_({ name: 'passwd.wav', data: Buffer.from('/etc/passwd'), mode: 0o120777 }),
    422,
    'samples-unreadable',
    /link/,
  ],
  ['a device', () => with_({ name: 'null.wav', mode: 0o020666 }), 422, 'samples-unreadable', /special file/],
  ['a folder that is a link', () => with_({ name: 'a/', mode: 0o120777 }), 422, 'samples-unreadable', /link/],
  [
    'an encrypted file',
    () => with_({ name: 'Tone_62.wav', data: wav, flags: 0x801 }),
    422,
    'samples-unreadable',
    /encrypted/,
  ],
  [
    'a strongly encrypted file',
    () => with_({ name: 'Tone_62.wav', data: wav, flags: 0x841 }),
    422,
    'samples-unreadable',
    /encryption/,
  ],
  [
    'a file compressed by bzip2',
    () => with_({ name: 'Tone_62.wav', data: wav, method: 12 }),
    422,
    'samples-unreadable',
    /method 12/,
  ],
  ['one name twice', () => with_(harmless), 422, 'samples-unreadable', /twice/],
  [
    'one name twice in other letters',
    () => with_({ name: 'TONE_60.WAV', data: wav }),
    422,
    'samples-unreadable',
    /twice/,
  ],
  [
    'one name twice in other Unicode',
    () => with_({ name: 'é.txt' }, { name: 'e\u0301.txt' }),
    422,
    'samples-unreadable',
    /twice/,
  ],
  [
    'one folder in other letters',
    () => with_({ name: 'a/x.wav' }, { name: 'A/y.wav' }),
    422,
    'samples-unreadable',
    /twice/,
  ],
  [
    'a file that is a folder too',
    () => with_({ name: 'a.txt' }, { name: 'a.txt/b.txt' }),
    422,
    'samples-unreadable',
    /twice/,
  ],
  [
    'too many files',
    () => zip(Array.from({ length: 20_001 }, (_, index) => ({ name: `${index}.txt` }))),
    422,
    'samples-unreadable',
    /20000/,
  ],
  ['fewer files than it claims', () => zip([harmless], 2), 422, 'samples-unreadable', /unexpected EOF/],
  ['a file too deep', () => with_({ name: `${'a/'.repeat(9)}b.wav` }), 422, 'samples-unreadable', /8 folders/],
  ['a name too long', () => with_({ name: `${'a'.repeat(201)}.wav` }), 422, 'samples-unreadable', /longer than/],
  ['more than the limit', () => Buffer.alloc(limitBytes + 1), 413, 'body-too-large', new RegExp(`${limitBytes} bytes`)],
  [
    'more than the limit once inflated',
    () => with_({ name: 'a.txt', data: Buffer.alloc(limitBytes) }),
    413,
    'body-too-large',
    /inflated/,
  ],
  [
    'four gigabytes that it declares',
    () => with_({ name: 'a.txt', data: text, declaredBytes: 0xfffffffe }),
    413,
    'body-too-large',
    /inflated/,
  ],
  [
    'zeros beyond what it declares',
    () => with_({ name: 'a.txt', packed: deflateRawSync(Buffer.alloc(2 ** 28)), declaredBytes: 4 }),
    422,
    'samples-unreadable',
    /too many bytes/,
  ],
  [
    'less than it declares',
    () => with_({ name: 'a.txt', data: text, declaredBytes: 5 }),
    422,
    'samples-unreadable',
    /not enough bytes/,
  ],
  [
    'stored bytes of another length',
    () => with_({ name: 'a.txt', data: text, method: 0, declaredBytes: 5 }),
    422,
    'samples-unreadable',
    /mismatch/,
  ],
  [
    'another CRC than it declares',
    () => with_({ name: 'a.txt', data: text, declaredCrc: 1 }),
    422,
    'samples-unreadable',
    /CRC-32/,
  ],
  [
    'what is not deflated',
    () => with_({ name: 'a.txt', packed: Buffer.from('\xff\xff\xff', 'latin1'), declaredBytes: 4 }),
    422,
    'samples-unreadable',
    /./,
  ],
  [
    'a WAV file that is cut off',
    () => zip([{ name: 'Tone_60.wav', data: wav.subarray(0, 500) }]),
    422,
    'samples-unreadable',
    /cut off/,
  ],
  ['a WAV file that is none', () => with_({ name: 'Tone_62.wav', data: text }), 422, 'samples-unreadable', /not a WAV/],
  ['WAV files without keys', () => zip([{ name: 'one.wav', data: wav }]), 422, 'samples-unreadable', /_60\.wav/],
  [
    'an instrument.json that is no JSON',
    () => with_({ name: 'instrument.json', data: text }),
    422,
    'samples-unreadable',
    /not JSON/,
  ],
  [
    'an instrument.json of a missing file',
    () =>
      with_({ name: 'instrument.json', data: Buffer.from('{"samples":[{"file":"../There/Tone_69.wav","key":60}]}') }),
    422,
    'samples-unreadable',
    /missing or outside/,
  ],
  [
    'an SFZ file of a missing sample',
    () => zip([{ name: 'a.sfz', data: sfz('b.wav') }]),
    422,
    'samples-unreadable',
    /missing or outside/,
  ],
  [
    'an SFZ file of samples elsewhere',
    () => zip([{ name: 'a.sfz', data: sfz('../There/Tone_69.wav') }]),
    422,
    'samples-unreadable',
    /outside/,
  ],
  [
    'an SFZ file that includes itself',
    () => with_({ name: 'a.sfz', data: Buffer.from('#include "a.sfz"') }),
    422,
    'samples-unreadable',
    /deep/,
  ],
  [
    'an SFZ file of FLAC samples',
    () =>
      zip([
        { name: 'a.sfz', data: sfz('b.flac') },
        { name: 'b.flac', data: text },
      ]),
    422,
    'samples-unreadable',
    /missing/,
  ],
];
