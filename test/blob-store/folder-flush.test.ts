import { expect, test } from '@jest/globals';
import { FolderFlush } from '@musistrata/blob-store';

/** Flushes that take until they are told to end. */
function manual() {
  const ends: (() => void)[] = [];
  const folders: string[] = [];
  const flush = new FolderFlush((folder) => {
    folders.push(folder);
    return new Promise((resolve) => ends.push(resolve));
  });
  return { flush, ends, folders };
}

test('who asks while a folder is being flushed waits for a flush that began afterwards, and shares it', async () => {
  const { flush, ends, folders } = manual();
  const done: string[] = [];
  const first = flush.flush('a').then(() => done.push('first'));
  const later = ['second', 'third', 'fourth'].map((name) => flush.flush('a').then(() => done.push(name)));
  expect(folders).toEqual(['a']);
  ends[0]?.();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  expect(folders).toEqual(['a', 'a']);
  expect(done).toEqual(['first']);
  // Asked while the second flush is under way: that one may have begun too early for it.
  const last = flush.flush('a').then(() => done.push('last'));
  ends[1]?.();
  await Promise.all(later);
  expect(done.slice(1).sort()).toEqual(['fourth', 'second', 'third']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(folders).toHaveLength(3);
  ends[2]?.();
  await last;
});

test('folders do not wait for each other', async () => {
  const { flush, ends, folders } = manual();
  void flush.flush('a');
  const other = flush.flush('b');
  expect(folders).toEqual(['a', 'b']);
  ends[1]?.();
  await other;
  ends[0]?.();
});

test('a flush that fails is the failure of those who share it, and of nobody after them', async () => {
  const answers = [
    () => Promise.reject(new Error('EIO')),
    () => Promise.reject(new Error('EIO')),
    () => Promise.resolve(),
  ];
  const flush = new FolderFlush(() => answers.shift()!());
  const [first, second, third] = [flush.flush('a'), flush.flush('a'), flush.flush('a')];
  await expect(first).rejects.toThrow('EIO');
  await expect(second).rejects.toThrow('EIO');
  await expect(third).rejects.toThrow('EIO');
  await expect(flush.flush('a')).resolves.toBeUndefined();
});
