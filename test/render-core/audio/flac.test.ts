import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { encode, largestDifference, temporaryFolder, testSignal } from './encode.js';
import { output } from './programs.js';

const folder = temporaryFolder();
const path = () => `${folder.path}/sound.flac`;

async function decode(): Promise<{ channelData: Float32Array[]; sampleRate: number; bitDepth: number }> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  const decoded = await decoder.decodeFile(readFileSync(path()));
  decoder.free();
  expect(decoded.errors).toEqual([]);
  return decoded;
}

/** Signals that take the different ways of coding a block. */
const signals: readonly (readonly [string, Float32Array[]])[] = [
  ['music, 16 blocks and a rest', testSignal(16 * 4096 + 1234, 2)],
  ['one channel', testSignal(10000, 1)],
  ['equal channels', [testSignal(9000, 1)[0]!, testSignal(9000, 1)[0]!]],
  ['opposite channels', [testSignal(9000, 1)[0]!, testSignal(9000, 1)[0]!.map((value) => -value)]],
  ['decorrelated stereo whose sides start below zero', shiftedChannels()],
  ['silence on one side', [new Float32Array(9000), testSignal(9000, 1)[0]!]],
  ['white noise at full scale', [noise(9000, 1), noise(9000, 2)]],
  ['full-scale square', [Float32Array.from({ length: 9000 }, (_, i) => (i % 100 < 50 ? 1 : -1)), noise(9000, 3)]],
  ['a single frame', [Float32Array.of(0.5), Float32Array.of(-0.5)]],
  ['fewer frames than a predictor has coefficients', testSignal(7, 2)],
  ['steps from one extreme to the other', [Float32Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? 1 : -1))]],
];

/** Two slow waves a little out of phase: each frame's side channel is smooth, wide and as often negative as positive. */
function shiftedChannels(): Float32Array[] {
  return [0, 0.4].map((phase) =>
    Float32Array.from({ length: 40000 }, (_, i) => 0.9 * Math.sin((2 * Math.PI * 97 * i) / 44100 + phase)),
  );
}

function noise(frames: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: frames }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}

describe('FLAC files', () => {
  describe.each([16, 24] as const)('of %d bits', (bitDepth) => {
    test.each(signals)('decode to the very samples: %s', async (_, signal) => {
      await encode(path(), signal, { format: 'flac', bitDepth });
      const { channelData, sampleRate, bitDepth: decodedDepth } = await decode();
      expect(sampleRate).toBe(44100);
      expect(decodedDepth).toBe(bitDepth);
      expect(channelData).toHaveLength(signal.length);
      for (const [channel, samples] of signal.entries()) {
        const scale = 2 ** (bitDepth - 1);
        const written = samples.map((x) => Math.max(-1, Math.min((scale - 1) / scale, Math.round(x * scale) / scale)));
        expect(channelData[channel]).toHaveLength(samples.length);
        // The decoder scales to floats by 2^(bits-1) or one less.
        expect(largestDifference(channelData[channel]!, written)).toBeLessThanOrEqual(1.01 / scale);
      }
      // Checks frame CRCs and the MD5 of all samples.
      expect(output('flac', '--test', '--silent', '--warnings-as-errors', path()) ?? '').toBe('');
    });
  });

  const [music] = testSignal(200000, 1);
  test.each([
    ['different channels', testSignal(200000, 2), 0.6],
    ['the same in both channels', [music!, music!.slice()], 0.35],
    ['opposite channels', [music!, music!.map((value) => -value)], 0.35],
  ] as const)(
    'are no larger than those of the reference encoder at its default level, by 1 %%: %s',
    async (_, signal, share) => {
      const { bytes } = await encode(path(), signal, { format: 'flac', bitDepth: 16 });
      const reference = output('flac', '--decode', '--silent', `--output-name=${folder.path}/a.wav`, path());
      if (reference === null) {
        // flac 1.4.2 -5 needs somewhat less than this share of the 800000 bytes.
        expect(bytes).toBeLessThan(800000 * share);
        return;
      }
      output('flac', '-5', '--silent', `--output-name=${folder.path}/b.flac`, `${folder.path}/a.wav`);
      expect(bytes).toBeLessThan(readFileSync(`${folder.path}/b.flac`).length * 1.01);
      expect(bytes).toBeLessThan(800000 * share);
    },
  );

  test.each([8000, 11025, 12345, 44100, 96000, 192000, 176400, 64000, 88210])(
    'know the rate %d Hz',
    async (sampleRate) => {
      await encode(path(), testSignal(5000, 2), { format: 'flac', sampleRate });
      expect((await decode()).sampleRate).toBe(sampleRate);
      const tested = output('flac', '--test', '--silent', path());
      expect(tested ?? '').toBe('');
    },
  );

  test('carry tags, chapters and a loop', async () => {
    await encode(path(), testSignal(100000, 2), {
      format: 'flac',
      tags: { title: 'Größe 日本', genre: 'Test' },
      markers: [{ frame: 66150, text: 'Refrain' }],
      loop: true,
    });
    const file = readFileSync(path()).toString('utf8');
    for (const comment of [
      'TITLE=Größe 日本',
      'GENRE=Test',
      'CHAPTER000=00:00:01.500',
      'CHAPTER000NAME=Refrain',
      'LOOPLENGTH=100000',
    ])
      expect(file).toContain(comment);
    const probe = output('ffprobe', '-v', 'warning', '-show_format', '-show_streams', path());
    if (probe !== null) {
      expect(probe).toContain('TAG:TITLE=Größe 日本');
      expect(probe).toContain('duration_ts=100000');
    }
  });

  test('have a seek point for every ten seconds, where the block with that frame stands', async () => {
    const sampleRate = 8000;
    await encode(path(), testSignal(35 * sampleRate, 2, sampleRate), { format: 'flac', bitDepth: 16, sampleRate });
    const file = readFileSync(path());
    // Metadata blocks: type and length, then content; frames follow the last.
    let table: Buffer | null = null;
    let at = 4;
    for (let last = false; !last; ) {
      const type = file[at]! & 0x7f;
      last = file[at]! > 127;
      const length = file.readUIntBE(at + 1, 3);
      if (type === 3) table = file.subarray(at + 4, at + 4 + length);
      at += 4 + length;
    }
    const points = Array.from({ length: table!.length / 18 }, (_, index) => ({
      frame: Number(table!.readBigUInt64BE(index * 18)),
      offset: Number(table!.readBigUInt64BE(index * 18 + 8)),
      frames: table!.readUInt16BE(index * 18 + 16),
    }));
    expect(points).toHaveLength(4);
    points.forEach(({ frame, offset, frames }, index) => {
      expect(frame).toBeLessThanOrEqual(index * 10 * sampleRate);
      expect(frame + frames).toBeGreaterThan(index * 10 * sampleRate);
      // A frame header: sync code, fixed block size (RFC 9639 section 9.1).
      expect(file.readUInt16BE(at + offset)).toBe(0xfff8);
      expect(file[at + offset + 4]).toBe(frame / 4096);
    });
    const listed = output('metaflac', '--list', '--block-type=SEEKTABLE', path());
    if (listed !== null) {
      expect(listed).toContain('seek points: 4');
      for (const { frame, offset, frames } of points)
        expect(listed).toContain(`sample_number=${frame}, stream_offset=${offset}, frame_samples=${frames}`);
    }
    // The reference decoder finds its way by the table: from a late frame on it gives the samples of that place.
    const decoded = `${folder.path}/tail.raw`;
    const options = ['--decode', '--silent', '--force-raw-format', '--endian=little', '--sign=signed'];
    if (output('flac', ...options, '--skip=240001', `--output-name=${decoded}`, path()) !== null) {
      const { channelData } = await decode();
      const tail = readFileSync(decoded);
      expect(tail.length).toBe((35 * sampleRate - 240001) * 4);
      expect(Math.abs(tail.readInt16LE(0) / 32768 - channelData[0]![240001]!)).toBeLessThan(1.01 / 32768);
    }
    expect(output('flac', '--test', '--silent', '--warnings-as-errors', path()) ?? '').toBe('');
  });

  test('shorter than that need no table', async () => {
    await encode(path(), testSignal(10 * 8000, 1, 8000), { format: 'flac', sampleRate: 8000 });
    expect(output('metaflac', '--list', '--block-type=SEEKTABLE', path()) ?? '').toBe('');
    expect(readFileSync(path())[4 + 4 + 34]! & 0x7f).toBe(4);
  });
});
