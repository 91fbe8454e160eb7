import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@musistrata/standalone/redis';

export interface S3Server {
  readonly endpoint: string;
  /** Its folder, gone when it is closed. */
  readonly root: string;
  close(): Promise<void>;
}

/** s3rver with a bucket `renders`. It checks neither signatures nor conditions, but stores, lists and takes parts like S3. */
export async function startS3Server(): Promise<S3Server> {
  const root = await mkdtemp(join(tmpdir(), 'musistrata-s3-'));
  const port = await freePort();
  const program = createRequire(import.meta.url).resolve('s3rver/bin/s3rver.js');
  const child = spawn(
    process.execPath,
    // Its continuation tokens are enciphered with DES, which OpenSSL 3 keeps in this provider.
    [
      '--openssl-legacy-provider',
      program,
      '-d',
      root,
      '-a',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-s',
      '--configure-bucket',
      'renders',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    try {
      await fetch(endpoint);
      break;
    } catch (error) {
      if (attempt > 200 || child.exitCode !== null)
        throw new Error(`s3rver does not start: ${complaint}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    endpoint,
    root,
    close: async () => {
      child.kill('SIGTERM');
      await exit;
      await rm(root, { recursive: true, force: true });
    },
  };
}
