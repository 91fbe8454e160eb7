import { createRequire } from 'node:module';
import { BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { makeFont, sineSample } from './make-font.js';

/** A font of so many samples, each with this Ogg Vorbis stream, or with what is to be taken for one. */
export async function compressedFont(stream: Uint8Array<ArrayBuffer>, samples = 1): Promise<Uint8Array<ArrayBuffer>> {
  const plain = makeFont({
    samples: Array.from({ length: samples }, () => sineSample(441, 0.05)),
    instruments: [Array.from({ length: samples }, (_, target) => ({ target }))],
    presets: [{ zones: [{ target: 0 }] }],
  });
  await BasicSoundBank.isSF3DecoderReady;
  const bank = SoundBankLoader.fromArrayBuffer(new Uint8Array(plain).buffer);
  for (const sample of bank.samples) sample.setCompressedData(stream);
  return new Uint8Array(await bank.writeSF2());
}

/** A mono sound at 44.1 kHz as Ogg Vorbis. */
export async function oggVorbis(sound: Float32Array): Promise<Buffer<ArrayBuffer>> {
  const { createOggEncoder } = createRequire(import.meta.url)(
    'wasm-media-encoders',
  ) as typeof import('wasm-media-encoders');
  const encoder = await createOggEncoder();
  encoder.configure({ channels: 1, sampleRate: 44_100, vbrQuality: -1 });
  const first = encoder.encode([sound]).slice();
  return Buffer.concat([first, encoder.finalize()]);
}

/** Frames in a page of {@link denseVorbis}: 255 packets of one byte, half a block of 4096 each. */
export const framesPerPage = 255 * 2048;

/** A stream of silence that decodes to a thousand frames for each of its bytes. */
export async function denseVorbis(pages: number): Promise<Buffer<ArrayBuffer>> {
  const short = await oggVorbis(new Float32Array(44_100));
  const second = short.indexOf('OggS', 4);
  const headers = short.subarray(0, short.indexOf('OggS', second + 4));
  const dense = Array.from({ length: pages }, (_, index) => {
    const page = Buffer.alloc(27 + 255 + 255, 0x0e);
    page.fill(0, 0, 27);
    page.write('OggS', 'latin1');
    page.writeBigInt64LE(BigInt((index + 1) * framesPerPage), 6);
    headers.copy(page, 14, 14, 18);
    page.writeUInt32LE(index + 2, 18);
    page[26] = 255;
    page.fill(1, 27, 27 + 255);
    return page;
  });
  return Buffer.concat([headers, ...dense]);
}
