import { describe, expect, test } from '@jest/globals';
import { loadSoundFont, SoundFontError } from '@musistrata/render-core';
import { compressedFont, denseVorbis, framesPerPage, oggVorbis } from './compressed-font.js';
import { note, play } from './play.js';

const sound = Float32Array.from({ length: 22_050 }, (_, frame) => Math.sin(frame / 16) / 2);

describe('a compressed font', () => {
  test('plays what its streams decode to', async () => {
    const font = await loadSoundFont(await compressedFont(await oggVorbis(sound)));
    expect(font.undecodable).toEqual([]);
    const { left } = await play(font, [note(0, 60, 0.2)], { seconds: 0.2 });
    expect(Math.max(...left)).toBeGreaterThan(0.05);
  });

  test('says which samples cannot be decoded, and is silent there', async () => {
    const font = await loadSoundFont(await compressedFont(Buffer.from('no Ogg at all '.repeat(500)), 2));
    expect(font.undecodable).toEqual(['sample 0', 'sample 1']);
    const { left } = await play(font, [note(0, 60, 0.05)], { seconds: 0.05 });
    expect(left.every((value) => value === 0)).toBe(true);
  });

  test('may hold silence that is denser than any music', async () => {
    const font = await loadSoundFont(await compressedFont(await denseVorbis(4)));
    expect(font.undecodable).toEqual([]);
  });

  test.each([
    ['one sample of half an hour', 160, 1],
    ['many samples that fit one by one', 20, 40],
  ])('is refused before it is decoded when it inflates too much: %s', async (_title, pages, samples) => {
    const bytes = await compressedFont(await denseVorbis(pages), samples);
    expect((pages * samples * framesPerPage) / bytes.length).toBeGreaterThan(700);
    const refusal = await loadSoundFont(bytes).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SoundFontError);
    expect(refusal).toMatchObject({ code: 'soundfont-too-large' });
  });
});
