import type { ServerResponse } from 'node:http';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileStream } from '@musistrata/blob-store';

/**
 * Pipes a stream to the client at the client's pace; false when the client left or the stream broke on the way.
 * A body that stops short MUST NOT look complete: the connection is cut instead.
 */
export async function deliver(stream: Readable, response: ServerResponse, end: boolean): Promise<boolean> {
  const recycles = stream instanceof FileStream;
  const client = new Writable({
    // Chunks are large: the next one is handed over when this one is on its way.
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      response.write(chunk, (error) => {
        if (!error && recycles) FileStream.recycle(chunk);
        done(error);
      });
    },
    final(done) {
      if (end) response.end(() => done());
      else done();
    },
  });
  const leave = () => {
    // After a whole answer it closes too.
    if (!response.writableFinished) client.destroy(new Error('The client has left.'));
  };
  response.once('close', leave);
  response.once('error', leave);
  if (response.destroyed) leave();
  try {
    await pipeline(stream, client);
    return true;
  } catch {
    response.destroy();
    return false;
  } finally {
    response.off('close', leave);
    response.off('error', leave);
  }
}
