/** What a render needs from the one who asks for it. */
export interface RenderContext {
  /** An existing folder for this render alone: the files of the result and scratch files are made in it. */
  readonly folder: string;
  /** Called after every block; throttling is the caller's. It must not throw. */
  readonly onProgress?: (progress: RenderProgress) => void;
  /** Looked at once per block. Where the thread's event loop is blocked by the render itself, {@link isCanceled} is the way that works. */
  readonly signal?: AbortSignal;
  /**
   * Threads that may be used beside the calling one, which waits for them: where that is a main thread, its event loop turns only between blocks.
   * The bytes are the same for any number. @default 0
   */
  readonly helperThreads?: number;
  /** Asked once per block; must be quick (a look at shared memory). */
  readonly isCanceled?: () => boolean;
}

export interface RenderProgress {
  /** `rendering` takes nearly all the time; then the mix is measured and the files are written. */
  readonly phase: 'rendering' | 'measuring' | 'writing';
  /** Seconds of audio done in this phase. */
  readonly seconds: number;
  /** Seconds of audio there will be; an estimate while rendering when the tail is open-ended. */
  readonly totalSeconds: number;
}

/** The render was canceled; no file of it is left. */
export class RenderCanceledError extends Error {
  readonly code = 'render-canceled';

  constructor() {
    super('The render was canceled.');
    this.name = 'RenderCanceledError';
  }
}

/** Throws {@link RenderCanceledError} if the render is to stop. */
export function stopIfCanceled(context: RenderContext): void {
  if (context.signal?.aborted === true || context.isCanceled?.() === true) throw new RenderCanceledError();
}
