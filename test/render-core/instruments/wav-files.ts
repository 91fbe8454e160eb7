/** WAV files written by hand from the format's description, for reading tests. */
export interface WavSpec {
  readonly channels?: number;
  readonly sampleRate?: number;
  /** Format tag: 1 integer, 3 float, 6 A-law, 7 mu-law. */
  readonly tag?: number;
  readonly bytes?: number;
  readonly bigEndian?: boolean;
  readonly loop?: { readonly start: number; readonly end: number };
  readonly unityKey?: number;
  readonly extensible?: boolean;
}

/** A file of lines of equal length, one per channel, full scale 1 (for A-law and mu-law: the bytes themselves). */
export function wavFile(lines: readonly ArrayLike<number>[], spec: WavSpec = {}): Buffer {
  const { sampleRate = 44100, tag = 1, bytes = 2, bigEndian = false, extensible = false } = spec;
  const channels = lines.length;
  const frames = lines[0]!.length;
  const data = Buffer.alloc(frames * channels * bytes);
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < channels; channel++) {
      writeSample(data, (frame * channels + channel) * bytes, lines[channel]![frame]!, tag, bytes, bigEndian);
    }
  }
  const format = Buffer.alloc(extensible ? 40 : 16);
  const u16 = (buffer: Buffer, value: number, at: number) =>
    bigEndian ? buffer.writeUInt16BE(value, at) : buffer.writeUInt16LE(value, at);
  const u32 = (buffer: Buffer, value: number, at: number) =>
    bigEndian ? buffer.writeUInt32BE(value, at) : buffer.writeUInt32LE(value, at);
  u16(format, extensible ? 0xfffe : tag, 0);
  u16(format, channels, 2);
  u32(format, sampleRate, 4);
  u32(format, sampleRate * channels * bytes, 8);
  u16(format, channels * bytes, 12);
  u16(format, bytes * 8, 14);
  if (extensible) {
    u16(format, 22, 16);
    u16(format, bytes * 8, 18);
    u32(format, (1 << channels) - 1, 20);
    u16(format, tag, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(format, 26);
  }
  const chunks = [chunk('fmt ', format), chunk('data', data)];
  if (spec.loop !== undefined || spec.unityKey !== undefined) {
    const sampler = Buffer.alloc(spec.loop === undefined ? 36 : 60);
    u32(sampler, spec.unityKey ?? 60, 12);
    u32(sampler, spec.loop === undefined ? 0 : 1, 28);
    if (spec.loop !== undefined) {
      u32(sampler, spec.loop.start, 44);
      // The chunk counts the last frame of the loop in.
      u32(sampler, spec.loop.end - 1, 48);
    }
    chunks.push(chunk('smpl', sampler));
  }
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  const head = Buffer.alloc(8);
  head.write(bigEndian ? 'RIFX' : 'RIFF', 'latin1');
  u32(head, body.length, 4);
  return Buffer.concat([head, body]);

  function chunk(id: string, content: Buffer): Buffer {
    const header = Buffer.alloc(8);
    header.write(id, 'latin1');
    u32(header, content.length, 4);
    return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
  }
}

function writeSample(out: Buffer, at: number, value: number, tag: number, bytes: number, bigEndian: boolean): void {
  if (tag === 6 || tag === 7) out[at] = value;
  else if (tag === 3 && bytes === 4) bigEndian ? out.writeFloatBE(value, at) : out.writeFloatLE(value, at);
  else if (tag === 3) bigEndian ? out.writeDoubleBE(value, at) : out.writeDoubleLE(value, at);
  else if (bytes === 1) out[at] = Math.round(value * 128) + 128;
  else if (bytes <= 4) {
    const whole = Math.min(2 ** (8 * bytes - 1) - 1, Math.round(value * 2 ** (8 * bytes - 1)));
    bigEndian ? out.writeIntBE(whole, at, bytes) : out.writeIntLE(whole, at, bytes);
  } else {
    const whole = BigInt(Math.round(value * 2 ** 31)) << BigInt(8 * (bytes - 4));
    for (let i = 0; i < bytes; i++) {
      out[at + (bigEndian ? bytes - 1 - i : i)] = Number((whole >> BigInt(8 * i)) & 0xffn);
    }
  }
}

/** A sine of this many frames. */
export function sine(frequency: number, frames: number, sampleRate = 44100, amplitude = 0.5): Float64Array {
  const step = (2 * Math.PI * frequency) / sampleRate;
  const { sin } = Math;
  return Float64Array.from({ length: frames }, (_, index) => amplitude * sin(step * index));
}
