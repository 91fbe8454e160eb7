import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type RenderDesk, RenderGoneError } from '@musistrata/render-queue';
import { burnSubmission } from './harness/burn-score.js';
import { ended, useInstallation } from './harness/installation.js';

const installation = useInstallation('lost-files');

const content = async (id: string) =>
  (await installation.redis.client.hget(`${installation.prefix}:render:${id}`, 'content')) ?? '';
const readable = async (desk: RenderDesk, id: string) => {
  let bytes = 0;
  for await (const chunk of await (await desk.openFile(id, 'audio')).read()) bytes += (chunk as Buffer).length;
  return bytes;
};

describe.each([
  ['complete', true],
  ['still being rebuilt', false],
])('when other hands have deleted the files of a render and the index is %s', (_, complete) => {
  test.each([
    ['the audio', 'audio.wav'],
    ['everything', ''],
  ])('%s, an equal one is made again rather than given without its files', async (_what, file) => {
    const marker = `${installation.prefix}:index`;
    if (complete) await installation.redis.client.set(marker, 'yes');
    else await installation.redis.client.del(marker);
    const desk = await installation.desk();
    const station = await installation.station();
    const submission = burnSubmission({ title: `lost ${file} ${complete}`, bytes: 3000 });
    const first = await ended(desk, (await desk.submit(submission)).render.id);
    const before = (await desk.capacity()).storedBytes;
    const key = (await desk.openFile(first.id, 'audio')).key;
    await rm(join(installation.folder, 'blobs', 'outputs', await content(first.id), file), { recursive: true });
    expect(await installation.store.stat(key)).toBeNull();

    const again = (await desk.submit(submission)).render;
    expect(again).toMatchObject({ status: 'queued', cached: false });
    expect(await ended(desk, again.id)).toMatchObject({ status: 'succeeded', cached: false });
    expect(await readable(desk, again.id)).toBe(3000);
    // The files of equal renders are the same ones.
    expect(await readable(desk, first.id)).toBe(3000);
    expect((await desk.capacity()).storedBytes).toBe(before);
    expect((await desk.submit(submission)).render).toMatchObject({ status: 'succeeded', cached: true });
    await station.close(5);
  });
});

test('a render whose files are gone is gone itself as soon as that is known', async () => {
  await installation.redis.client.set(`${installation.prefix}:index`, 'yes');
  const desk = await installation.desk();
  const station = await installation.station();
  const submission = burnSubmission({ title: 'gone files' });
  const first = await ended(desk, (await desk.submit(submission)).render.id);
  await station.close(5);
  await rm(join(installation.folder, 'blobs', 'outputs'), { recursive: true });
  await desk.submit(submission);
  await expect(desk.openFile(first.id, 'audio')).rejects.toBeInstanceOf(RenderGoneError);
});
