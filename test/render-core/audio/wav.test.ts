import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { EncoderSettings } from '@musistrata/render-core/audio/audio-encoder.js';
import type { AudioSink } from '@musistrata/render-core/audio/audio-sink.js';
import { createEncoder } from '@musistrata/render-core/audio/create-encoder.js';
import { encode, largestDifference, temporaryFolder, testSignal } from './encode.js';
import { output } from './programs.js';
import { readWav, riffChunks } from './read-wav.js';

const folder = temporaryFolder();
const path = () => `${folder.path}/sound.wav`;

describe('WAV files', () => {
  test.each([
    [16, false, 2, 'Signed Integer PCM', 'pcm_s16le'],
    [24, false, 2, 'Signed Integer PCM', 'pcm_s24le'],
    [32, false, 1, 'Signed Integer PCM', 'pcm_s32le'],
    [32, true, 2, 'Floating Point PCM', 'pcm_f32le'],
    [24, false, 1, 'Signed Integer PCM', 'pcm_s24le'],
  ] as const)(
    'hold %d bits (float: %s), %d channels, as other programs see them',
    async (bitDepth, float, channels, encoding, codec) => {
      const signal = testSignal(10007, channels);
      const { bytes, sha256 } = await encode(path(), signal, { format: 'wav', bitDepth, float });
      const file = readFileSync(path());
      expect(bytes).toBe(file.length);
      expect(sha256).toBe(createHash('sha256').update(file).digest('hex'));
      const read = readWav(path());
      expect(read.channels).toHaveLength(channels);
      for (const [channel, samples] of signal.entries())
        expect(largestDifference(read.channels[channel]!, samples)).toBeLessThanOrEqual(float ? 0 : 2 ** -bitDepth);

      const info = output('soxi', path());
      if (info !== null) {
        expect(info).toMatch(new RegExp(`Channels +: ${channels}`));
        expect(info).toContain('= 10007 samples');
        expect(info).toContain(`${bitDepth}-bit ${encoding}`);
      }
      const probe = output('ffprobe', '-v', 'warning', '-show_streams', path());
      if (probe !== null) {
        expect(probe).toContain(`codec_name=${codec}`);
        expect(probe).toContain(`duration_ts=10007`);
      }
    },
  );

  test('of 16 bits start with the plain 44-byte header', async () => {
    await encode(path(), testSignal(100, 2), { format: 'wav', bitDepth: 16 });
    const file = readFileSync(path());
    expect(file.toString('latin1', 36, 40)).toBe('data');
    expect(file.readUInt32LE(40)).toBe(400);
    expect(file.readUInt16LE(20)).toBe(1);
  });

  test('of more bits use WAVE_FORMAT_EXTENSIBLE with valid bits, speakers and subtype', async () => {
    await encode(path(), testSignal(100, 2), { format: 'wav', bitDepth: 24 });
    const format = riffChunks(readFileSync(path())).find(({ id }) => id === 'fmt ')!.bytes;
    expect(format).toHaveLength(40);
    expect(format.readUInt16LE(0)).toBe(0xfffe);
    expect(format.readUInt16LE(18)).toBe(24);
    expect(format.readUInt32LE(20)).toBe(3);
    expect(format.toString('hex', 24)).toBe('0100000000001000800000aa00389b71');
  });

  test('of floats have format 3 and a fact chunk', async () => {
    await encode(path(), testSignal(100, 2), { format: 'wav', bitDepth: 32, float: true });
    const chunks = riffChunks(readFileSync(path()));
    expect(chunks.find(({ id }) => id === 'fmt ')!.bytes.readUInt16LE(0)).toBe(3);
    expect(chunks.find(({ id }) => id === 'fact')!.bytes.readUInt32LE(0)).toBe(100);
  });

  test('round to the nearest number and limit what exceeds full scale', async () => {
    const values = [0, 1, -1, 1.5, -1.5, 0.4 / 32768, 0.6 / 32768, -0.4 / 32768, -0.6 / 32768, 32767 / 32768];
    const { clippedSamples } = await encode(path(), [Float32Array.from(values)], { format: 'wav', bitDepth: 16 });
    const data = riffChunks(readFileSync(path())).find(({ id }) => id === 'data')!.bytes;
    expect(values.map((_, i) => data.readInt16LE(2 * i))).toEqual([
      0, 32767, -32768, 32767, -32768, 0, 1, 0, -1, 32767,
    ]);
    expect(clippedSamples).toBe(2);
  });

  test('carry tags, markers and a loop, also of odd length and beyond ASCII', async () => {
    await encode(path(), testSignal(101, 1), {
      format: 'wav',
      bitDepth: 24,
      tags: { title: 'Größe 日本', artist: 'A', comment: 'xy', copyright: '© me' },
      markers: [
        { frame: 10, text: 'Strophe' },
        { frame: 50, text: 'Refrain é' },
      ],
      loop: true,
    });
    const chunks = riffChunks(readFileSync(path()));
    expect(chunks.map(({ id }) => id)).toEqual(['fmt ', 'data', 'smpl', 'cue ', 'LIST', 'LIST']);
    const [, , smpl, cue, labels, info] = chunks.map(({ bytes }) => bytes);
    expect(smpl!.length).toBe(36 + 24);
    expect(smpl!.readUInt32LE(28)).toBe(1);
    expect([smpl!.readUInt32LE(44), smpl!.readUInt32LE(48)]).toEqual([0, 100]);
    expect([cue!.readUInt32LE(0), cue!.readUInt32LE(24), cue!.readUInt32LE(48)]).toEqual([2, 10, 50]);
    expect(labels!.toString('utf8')).toContain('Refrain é\0');
    expect(info!.toString('utf8')).toContain('Größe 日本\0');
    const probe = output('ffprobe', '-v', 'warning', '-show_format', path());
    if (probe !== null) expect(probe).toMatch(/TAG:title=Größe 日本\n[\s\S]*TAG:copyright=© me/);
  });

  test('without a sample end with them, so that nothing else is taken for sound', async () => {
    await encode(path(), testSignal(0, 2), { format: 'wav', bitDepth: 16, tags: { title: 'Nothing' } });
    const chunks = riffChunks(readFileSync(path()));
    expect(chunks.map(({ id, bytes }) => [id, bytes.length > 0])).toEqual([
      ['fmt ', true],
      ['LIST', true],
      ['data', false],
    ]);
    const decoded = output('ffmpeg', '-v', 'error', '-i', path(), '-f', 's16le', '-');
    if (decoded !== null) expect(decoded).toBe('');
  });

  test('change size and place fields to 64 bits above 4 GiB', async () => {
    // 2^30 stereo frames of 24 bits are 6 GiB: only what the encoder writes first is looked at, the samples stay virtual.
    const frames = 2 ** 30;
    const sink = new HeaderSink();
    const settings: EncoderSettings = {
      format: 'wav',
      sampleRate: 192000,
      channelCount: 2,
      frames,
      bitDepth: 24,
      float: false,
      dither: false,
      seed: 1,
      firstFrame: 0,
      bitrateKbps: 0,
      tags: { title: 'long' },
      markers: [],
      loop: true,
    };
    const encoder = await createEncoder(sink, settings);
    sink.position += frames * 6;
    encoder.finish();
    const header = Buffer.concat(sink.parts.slice(0, 1));
    expect(header.toString('latin1', 0, 4)).toBe('RF64');
    expect(header.readUInt32LE(4)).toBe(0xffffffff);
    expect(header.toString('latin1', 8, 16)).toBe('WAVEds64');
    expect(header.readUInt32LE(16)).toBe(28);
    expect(header.readBigUInt64LE(20)).toBe(BigInt(sink.position - 8));
    expect(header.readBigUInt64LE(28)).toBe(BigInt(frames * 6));
    expect(header.readBigUInt64LE(36)).toBe(BigInt(frames));
    expect(header.toString('latin1', 48, 52)).toBe('fmt ');
    expect(header.toString('latin1', 96, 100)).toBe('data');
    expect(header.readUInt32LE(100)).toBe(0xffffffff);

    // The same as a file with a hole where the samples would be.
    const file = openSync(path(), 'w');
    writeSync(file, header, 0, header.length, 0);
    const trailer = Buffer.concat(sink.parts.slice(1));
    writeSync(file, trailer, 0, trailer.length, header.length + frames * 6);
    closeSync(file);
    const probe = output('ffprobe', '-v', 'warning', '-show_streams', '-show_format', path());
    if (probe !== null) {
      expect(probe).toContain(`duration_ts=${frames}`);
      expect(probe).toContain('TAG:title=long');
    }
  });
});

class HeaderSink implements AudioSink {
  position = 0;
  readonly parts: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    this.parts.push(bytes.slice());
    this.position += bytes.length;
  }

  expectPatches(): void {
    throw new Error('nothing has to be patched');
  }

  patch(): void {
    throw new Error('nothing has to be patched');
  }
}
