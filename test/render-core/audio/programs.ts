import { spawnSync } from 'node:child_process';

/**
 * Runs a program that is not ours and returns what it prints (both streams); null when it is not installed. On CI it has to be: .ci/run installs
 * sox, flac, ffmpeg and opus-tools. Elsewhere the decoders from npm, which are not ours either, are the oracles.
 *
 * @throws Error when the program fails
 */
export function output(program: string, ...parameters: string[]): string | null {
  const run = spawnSync(program, parameters, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.error !== undefined) {
    if (process.env.CI === 'true') throw new Error(`${program} is not installed`, { cause: run.error });
    return null;
  }
  if (run.status !== 0) throw new Error(`${program} ${parameters.join(' ')} failed:\n${run.stdout}${run.stderr}`);
  return run.stdout + run.stderr;
}
