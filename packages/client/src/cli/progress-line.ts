/** What a render is doing. Seconds of audio, or bytes. */
export type Progress =
  | { readonly phase: 'queued'; readonly before: number | null }
  | { readonly phase: 'rendering' | 'downloading'; readonly done: number; readonly total: number };

/** The part of a terminal's stream that is needed here. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const REDRAW_MILLISECONDS = 100;
const BAR_CELLS = 24;
const EMPTY_LINE = '\r\x1b[2K';

/** One line of a terminal that shows how far a render is. Writes nothing where there is no terminal. */
export class ProgressLine {
  readonly #terminal: Terminal | null;
  readonly #now: () => number;
  #drawnAt: number | null = null;
  #startedAt: number | null = null;

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal.isTTY ? terminal : null;
    this.#now = now;
  }

  show(label: string, progress: Progress): void {
    if (!this.#terminal) return;
    const now = this.#now();
    if (progress.phase === 'rendering') this.#startedAt ??= now;
    if (this.#drawnAt !== null && now - this.#drawnAt < REDRAW_MILLISECONDS) return;
    this.#drawnAt = now;
    const seconds = this.#startedAt === null ? 0 : (now - this.#startedAt) / 1000;
    const line = [...`${label}  ${describe(progress, seconds)}`].slice(0, (this.#terminal.columns || 80) - 1);
    this.#terminal.write(EMPTY_LINE + line.join(''));
  }

  /** Leaves the line empty, for text to come. */
  clear(): void {
    if (this.#drawnAt !== null) this.#terminal?.write(EMPTY_LINE);
    this.#drawnAt = null;
    this.#startedAt = null;
  }
}

function describe(progress: Progress, seconds: number): string {
  if (progress.phase === 'queued')
    return progress.before ? `in the queue, ${progress.before} before it` : 'in the queue';
  const { phase, done, total } = progress;
  const fraction = total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.round(fraction * BAR_CELLS);
  const percent = String(Math.floor(fraction * 100)).padStart(3);
  const bar = `[${'='.repeat(filled)}${' '.repeat(BAR_CELLS - filled)}] ${percent} %`;
  if (phase === 'downloading') return `${bar}  ${megabytes(done)} of ${megabytes(total)}`;
  const speed = seconds > 0.5 ? `  ${Math.round(done / seconds)}x` : '';
  return `${bar}  ${clock(done)} of ${clock(total)}${speed}`;
}

/** Seconds as minutes and seconds. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
