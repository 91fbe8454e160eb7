/** Why a render has ended without audio, beside refusals of the score itself: `error` of the render. Explained in docs/errors.md. */
export const renderProblems = {
  canceled: 'Canceled on request.',
  'deadline-exceeded': 'The render had not ended by the time that the request set.',
  'render-failed': 'The server could not finish this render, in several attempts. The score is not at fault.',
  'render-too-slow':
    'This render took longer than this server allows. Ask for a range of it, fewer parts or fewer simultaneous notes.',
  'render-crashed': 'This render made several workers crash and was given up.',
  'sounds-changed':
    'A sound font or another instrument of this render is not the one that it was accepted with. Submit the score again.',
  'score-missing': 'The score is no longer in the storage.',
  'request-lost': 'The request is no longer in the storage.',
} as const;

/** What a render's `error` says. */
export interface Problem {
  /** Stable, kebab-case, documented in docs/errors.md. */
  readonly code: string;
  readonly message: string;
}

/** The problem with this code. */
export function renderProblem(code: keyof typeof renderProblems): Problem {
  return { code, message: renderProblems[code] };
}
