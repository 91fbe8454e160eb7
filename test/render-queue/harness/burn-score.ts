import { createHash } from 'node:crypto';
import { type RenderOptionsInput, renderOptionsSchema } from '@musistrata/render-core';
import type { Submission } from '@musistrata/render-queue';

/** A score for {@link burnRunner}: says how it wants to be rendered. */
export interface BurnScore {
  readonly title: string;
  /** Length of the audio. */
  readonly seconds: number;
  /** How long a core is busy with it. */
  readonly wallMs: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Message of the error that it ends with. */
  readonly fault: string | null;
  /** Is refused with this code. */
  readonly refusal: string | null;
}

type Extra = Partial<Omit<Submission, 'bytes' | 'score' | 'options'>> & { readonly options?: RenderOptionsInput };

/** A submission of such a score. */
export function burnSubmission(score: Partial<BurnScore> = {}, extra: Extra = {}): Submission {
  const whole = { title: 'a', seconds: 10, wallMs: 5, bytes: 1000, fault: null, refusal: null, ...score };
  const bytes = Buffer.from(JSON.stringify(whole));
  const { options = {}, ...rest } = extra;
  return {
    tenant: 'tenant-a',
    bytes,
    score: {
      format: 'midi',
      title: whole.title,
      durationSeconds: whole.seconds,
      partCount: 1,
      noteCount: 1,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
    options: renderOptionsSchema.parse(options),
    soundIdentity: 'test',
    ...rest,
  };
}
