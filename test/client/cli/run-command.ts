import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run, type Terminal } from '@musistrata/client/cli';

/** The command itself, for node to run. */
export const commandPath = fileURLToPath(
  new URL('../bin/musistrata-render.js', import.meta.resolve('@musistrata/client')),
);

export interface CommandRun {
  readonly exit: number | null;
  readonly output: Buffer;
  readonly errors: string;
}

export interface RunSettings {
  /** Stands in for the terminal. */
  readonly standardError?: Terminal;
  readonly input?: string | Uint8Array;
  readonly folder?: string;
  readonly environment?: Record<string, string>;
  /** Called with the process once it runs. */
  readonly running?: (child: ChildProcess) => void;
}

/** Runs a command line in this process, without a terminal: much quicker than a process of its own. Paths are relative to this process. */
export async function runHere(
  args: readonly string[],
  { input = '', environment = {}, standardError }: RunSettings = {},
): Promise<CommandRun> {
  const output: Buffer[] = [];
  let errors = '';
  const standardOutput = new PassThrough();
  standardOutput.on('data', (chunk: Buffer) => output.push(chunk));
  const exit = await run(args, {
    environment,
    standardInput: Readable.from([Buffer.from(input)]),
    standardOutput,
    standardError: standardError ?? { write: (text) => (errors += text) },
    signal: new AbortController().signal,
  });
  return { exit, output: Buffer.concat(output), errors };
}

/** Runs `musistrata-render` as a process of its own, without a terminal, until it ends. */
export function runCommand(args: readonly string[], settings: RunSettings = {}): Promise<CommandRun> {
  const child = spawn(process.execPath, [commandPath, ...args], {
    cwd: settings.folder,
    env: { PATH: process.env.PATH, ...settings.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // A command that refuses its input early closes it.
  child.stdin.on('error', () => {});
  if (settings.input !== undefined) child.stdin.end(settings.input);
  settings.running?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) =>
      resolve({ exit, output: Buffer.concat(output), errors: Buffer.concat(errors).toString() }),
    );
  });
}
