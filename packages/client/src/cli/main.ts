import { run } from './run.js';

const interrupted = new AbortController();
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

// Once: whoever insists ends the process at once.
for (const name of Object.keys(EXIT_BY_SIGNAL) as (keyof typeof EXIT_BY_SIGNAL)[])
  process.once(name, () => {
    process.exitCode = EXIT_BY_SIGNAL[name];
    interrupted.abort(new DOMException('Interrupted.', 'AbortError'));
  });

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // What comes after an interruption comes of it.
  if (interrupted.signal.aborted) return;
  if (error.code !== 'EPIPE') throw error;
  // A reader that has had enough (a player that was closed, head, ffprobe) is no failure.
  process.exitCode = 0;
  interrupted.abort(new DOMException('Nobody reads on.', 'AbortError'));
});

// A read that waits for input would keep the process alive.
interrupted.signal.addEventListener('abort', () => process.stdin.destroy());

try {
  process.exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    standardInput: process.stdin,
    standardOutput: process.stdout,
    standardError: process.stderr,
    signal: interrupted.signal,
  });
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
}
