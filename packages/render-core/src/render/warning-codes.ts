import type { Warning } from '../score/performance.js';

/** Warnings that come from the sound itself; docs/files.md explains them. */
export const RENDER_WARNING_CODES = [
  'clipped',
  'samples-not-finite',
  'notes-cut',
  'loudness-not-measurable',
  'loudness-not-reached',
  'option-without-effect',
] as const;

export interface RenderWarning extends Warning {
  readonly code: (typeof RENDER_WARNING_CODES)[number];
}
