import { Readable } from 'node:stream';

/** Leaves out the first `skip` bytes of a stream and ends it after `take` more; the source is destroyed then. */
export function sliceStream(source: Readable, skip: number, take: number): Readable {
  const slice = async function* (): AsyncGenerator<Buffer> {
    let before = skip;
    let left = take;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      const part = chunk.subarray(before, before + left);
      before = Math.max(0, before - chunk.length);
      left -= part.length;
      if (part.length > 0) yield part;
      if (left === 0) return;
    }
  };
  return Readable.from(slice(), { objectMode: false });
}
