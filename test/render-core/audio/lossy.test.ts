import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { MPEGDecoder } from 'mpg123-decoder';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import { encode, temporaryFolder, testSignal } from './encode.js';
import { output } from './programs.js';
import { readWav } from './read-wav.js';

const folder = temporaryFolder();

async function decodeMp3(path: string): Promise<{ channelData: Float32Array[]; sampleRate: number }> {
  const decoder = new MPEGDecoder({ enableGapless: true });
  await decoder.ready;
  const decoded = decoder.decode(readFileSync(path));
  decoder.free();
  expect(decoded.errors).toEqual([]);
  return decoded;
}

async function decodeOpus(path: string): Promise<{ channelData: Float32Array[]; sampleRate: number }> {
  const decoder = new OggOpusDecoder();
  await decoder.ready;
  const decoded = await decoder.decodeFile(readFileSync(path));
  decoder.free();
  expect(decoded.errors).toEqual([]);
  return decoded;
}

/** The pages of an Ogg file; a granule position of -1 means that no packet ends on the page. */
function oggPages(file: Buffer): { flags: number; granule: number; number: number }[] {
  const pages = [];
  for (let at = 0; at < file.length; ) {
    expect(file.toString('latin1', at, at + 4)).toBe('OggS');
    const segments = file.subarray(at + 27, at + 27 + file[at + 26]!);
    pages.push({
      flags: file[at + 5]!,
      granule: Number(file.readBigInt64LE(at + 6)),
      number: file.readUInt32LE(at + 18),
    });
    at += 27 + segments.length + segments.reduce((sum, length) => sum + length, 0);
  }
  return pages;
}

/** Signal-to-noise ratio in dB of a decoded signal against the original, frame by frame: it says that both start together, too. */
function signalToNoise(original: Float32Array, decoded: Float32Array): number {
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < original.length; i++) {
    signal += original[i]! ** 2;
    noise += (original[i]! - decoded[i]!) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

describe('MP3 files', () => {
  const path = () => `${folder.path}/sound.mp3`;

  test.each([
    [44100, 2, 192],
    [48000, 2, 320],
    [48000, 1, 128],
    [22050, 2, 160],
    [8000, 1, 64],
  ] as const)(
    'at %d Hz, %d channels, %d kbit/s decode to the same length and sound',
    async (sampleRate, channels, bitrateKbps) => {
      const signal = testSignal(3 * sampleRate + 17, channels, sampleRate);
      await encode(path(), signal, { format: 'mp3', sampleRate, bitrateKbps });
      const { channelData, sampleRate: decodedRate } = await decodeMp3(path());
      expect(decodedRate).toBe(sampleRate);
      for (const [channel, samples] of signal.entries()) {
        expect(channelData[channel]).toHaveLength(samples.length);
        expect(signalToNoise(samples, channelData[channel]!)).toBeGreaterThan(20);
      }
      const probe = output('ffprobe', '-v', 'warning', '-show_streams', path());
      if (probe !== null) {
        expect(probe).toContain('codec_name=mp3');
        expect(probe).toContain(`bit_rate=${bitrateKbps * 1000}`);
        const decoded = `${folder.path}/decoded.f32`;
        output('ffmpeg', '-v', 'warning', '-i', path(), '-f', 'f32le', decoded);
        expect(readFileSync(decoded).length).toBe(signal.length * signal[0]!.length * 4);
      }
    },
  );

  test('take the nearest bit rate that the format has', async () => {
    await encode(path(), testSignal(44100, 2), { format: 'mp3', bitrateKbps: 100 });
    // Index 7 of MPEG-1 layer III is 96 kbit/s; the second frame is the first with sound.
    const file = readFileSync(path());
    const start = 10 + file[9]! + 128 * file[8]!;
    const next = file.indexOf(Buffer.of(0xff, 0xfb), start + 2);
    expect(file[next + 2]! >> 4).toBe(7);
  });

  test('start with an ID3v2.4 tag in UTF-8', async () => {
    await encode(path(), testSignal(5000, 2), {
      format: 'mp3',
      tags: { title: 'Größe 日本', comment: 'x'.repeat(500) },
    });
    const probe = output('ffprobe', '-v', 'warning', '-show_format', path());
    const file = readFileSync(path());
    expect(file.toString('latin1', 0, 4)).toBe('ID3\u0004');
    expect(file.toString('utf8')).toContain('TIT2');
    expect(file.toString('utf8')).toContain('\u0003Größe 日本');
    if (probe !== null) expect(probe).toMatch(/TAG:title=Größe 日本\n[\s\S]*TAG:comment=x{500}\n/);
  });
});

describe('chapters of MP3 files', () => {
  const path = () => `${folder.path}/sound.mp3`;

  test('are the markers, each up to the next and the last to the end', async () => {
    const markers = [
      { frame: 0, text: 'Intro' },
      { frame: 22050, text: 'Größe 日本' },
      { frame: 66150, text: 'Coda' },
    ];
    await encode(path(), testSignal(3 * 44100, 2), { format: 'mp3', tags: { title: 'Song' }, markers });
    const probe = output('ffprobe', '-v', 'warning', '-show_chapters', '-show_format', '-of', 'json', path());
    if (probe !== null) {
      const { chapters, format } = JSON.parse(probe);
      expect(
        chapters.map((chapter: { start_time: string; end_time: string; tags: { title: string } }) => [
          Number(chapter.start_time),
          Number(chapter.end_time),
          chapter.tags.title,
        ]),
      ).toEqual([
        [0, 0.5, 'Intro'],
        [0.5, 1.5, 'Größe 日本'],
        [1.5, 3, 'Coda'],
      ]);
      expect(format.tags.title).toBe('Song');
    }
    // The addendum's figures by hand: id, size, flags, element id, start, end, two offsets that do not count.
    const file = readFileSync(path());
    const chap = file.indexOf('CHAP', file.indexOf('CHAP') + 1);
    const body = file.subarray(chap + 10);
    expect(body.toString('latin1', 0, 4)).toBe('ch1\u0000');
    expect([body.readUInt32BE(4), body.readUInt32BE(8), body.readUInt32BE(12)]).toEqual([500, 1500, 0xffffffff]);
    const contents = file.subarray(file.indexOf('CTOC') + 10);
    expect(contents.toString('latin1', 0, 18)).toBe('toc\u0000\u0003\u0003ch0\u0000ch1\u0000ch2\u0000');
    expect((await decodeMp3(path())).channelData[0]).toHaveLength(3 * 44100);
  });

  test('are at most as many as their list can count', async () => {
    const markers = Array.from({ length: 300 }, (_, index) => ({ frame: index * 100, text: `m${index}` }));
    await encode(path(), testSignal(44100, 1), { format: 'mp3', markers });
    const probe = output('ffprobe', '-v', 'warning', '-show_chapters', '-of', 'json', path());
    if (probe !== null) expect(JSON.parse(probe).chapters).toHaveLength(255);
    expect(readFileSync(path()).toString('latin1').split('CHAP')).toHaveLength(256);
  });

  test('are not there without markers', async () => {
    await encode(path(), testSignal(44100, 1), { format: 'mp3' });
    expect(readFileSync(path()).indexOf('CTOC')).toBe(-1);
  });
});

describe('Opus files', () => {
  const path = () => `${folder.path}/sound.opus`;

  test.each([
    [2, 128, 3 * 48000 + 17],
    [1, 96, 48000],
    [2, 320, 48123],
  ] as const)(
    'of %d channels at %d kbit/s decode to %d frames of the same sound',
    async (channels, bitrateKbps, frames) => {
      const signal = testSignal(frames, channels, 48000);
      await encode(path(), signal, { format: 'opus', sampleRate: 48000, bitrateKbps });
      const { channelData } = await decodeOpus(path());
      for (const [channel, samples] of signal.entries()) {
        expect(channelData[channel]).toHaveLength(frames);
        expect(signalToNoise(samples, channelData[channel]!)).toBeGreaterThan(15);
      }
      const info = output('opusinfo', path());
      if (info !== null) {
        expect(info).not.toMatch(/warning|error/i);
        expect(info).toContain(`Channels: ${channels}`);
      }
    },
  );

  test.each([0, 1, 647, 648, 960, 961, 48000])('say on their last page that they hold %d frames', async (frames) => {
    await encode(
      path(),
      testSignal(Math.max(frames, 1), 2, 48000).map((samples) => samples.subarray(0, frames)),
      {
        format: 'opus',
        sampleRate: 48000,
      },
    );
    const pages = oggPages(readFileSync(path()));
    expect(pages.at(-1)!.granule).toBe(frames + 312);
    const decoded = `${folder.path}/decoded.wav`;
    if (frames > 0 && output('opusdec', '--quiet', '--rate', '48000', path(), decoded) !== null)
      expect(readWav(decoded).channels[0]).toHaveLength(frames);
  });

  test('carry comments over more than one page', async () => {
    const markers = Array.from({ length: 900 }, (_, i) => ({ frame: i * 10, text: `Marker ${i} ${'é'.repeat(40)}` }));
    await encode(path(), testSignal(48000, 2), {
      format: 'opus',
      sampleRate: 48000,
      tags: { title: 'Größe 日本' },
      markers,
    });
    const pages = oggPages(readFileSync(path()));
    // Header pages but the last of the comment packet end no packet and the next continues it.
    expect(pages.slice(0, 4).map(({ flags, granule }) => [flags, granule])).toEqual([
      [2, 0],
      [0, -1],
      [1, 0],
      [0, 48000],
    ]);
    const info = output('opusinfo', path());
    if (info !== null) {
      expect(info).not.toMatch(/warning|error/i);
      expect(info).toContain('CHAPTER899NAME=Marker 899');
    }
    const probe = output('ffprobe', '-v', 'warning', '-show_streams', path());
    if (probe !== null) expect(probe).toContain('TAG:TITLE=Größe 日本');
  });

  test('have one serial number and rising page numbers and granule positions', async () => {
    await encode(path(), testSignal(4 * 48000, 2), { format: 'opus', sampleRate: 48000 });
    const pages = oggPages(readFileSync(path()));
    expect(pages.map(({ number }) => number)).toEqual(pages.map((_, i) => i));
    expect(pages[0]!.flags).toBe(2);
    expect(pages.at(-1)!.flags).toBe(4);
    expect(pages.at(-1)!.granule).toBe(4 * 48000 + 312);
    expect(pages.map(({ granule }) => granule)).toEqual(pages.map(({ granule }) => granule).sort((a, b) => a - b));
  });
});
