/** Why a run is stopped before its end. */
export type StopReason =
  /** Nobody waits for it any more. */
  | 'canceled'
  /** The station closes: another one shall do it. */
  | 'handed-over';

/** One run under way: its stop switch and its progress, which reaches Redis a few times a second at most. */
export class RenderRun {
  readonly #controller = new AbortController();
  readonly #ticks: NodeJS.Timeout;
  #rendered = 0;
  #total = 0;
  #told = -1;
  #toldAt = 0;
  #telling = false;
  #close: () => void = () => undefined;
  stopped: StopReason | null = null;
  /** Resolves when the run is over. */
  readonly closed = new Promise<void>((resolve) => {
    this.#close = resolve;
  });

  /** @param tell resolves to whether somebody still waits for this run: that is how a lost cancel message is made up for */
  constructor(
    expectedSeconds: number,
    private readonly tell: (renderedSeconds: number, totalSeconds: number) => Promise<boolean>,
  ) {
    this.#total = expectedSeconds;
    this.#ticks = setInterval(() => void this.#tick(), 200);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Throws when the run was stopped: for the steps between the runner's. */
  check(): void {
    this.#controller.signal.throwIfAborted();
  }

  stop(reason: StopReason): void {
    this.stopped ??= reason;
    this.#controller.abort(new Error(`The render was ${reason}.`));
  }

  progress(renderedSeconds: number, totalSeconds: number): void {
    this.#rendered = renderedSeconds;
    this.#total = totalSeconds;
  }

  close(): void {
    clearInterval(this.#ticks);
    this.#close();
  }

  async #tick(): Promise<void> {
    const now = Date.now();
    if (this.#telling || (this.#rendered === this.#told && now - this.#toldAt < 2000)) return;
    this.#telling = true;
    try {
      this.#told = this.#rendered;
      this.#toldAt = now;
      if (!(await this.tell(this.#rendered, this.#total))) this.stop('canceled');
    } catch {
      // Redis is away: the next tick tries again, and the render goes on meanwhile.
    } finally {
      this.#telling = false;
    }
  }
}
