import { z } from 'zod';

const decibels = (low: number, high: number) => z.number().min(low).max(high);

/** One effect of a chain, on a part or on the master. Order in the chain is order in the signal. */
export const effectSchema = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('echo'),
        delaySeconds: z.number().min(0).max(10).default(1),
        gain: z.number().min(0).max(1).default(0.5).describe('Linear gain of the repeat.'),
        feedback: z
          .number()
          .min(0)
          .max(0.95)
          .default(0)
          .describe('Gain from one repeat to the next; 0 is a single repeat.'),
      })
      .describe('A delayed copy added to the signal.'),
    z
      .strictObject({
        type: z.literal('reverb'),
        mix: z.number().min(0).max(1).default(0.25).describe('Wet share: output = (1 - mix) dry + mix wet.'),
        roomSize: z.number().min(0).max(1).default(0.5),
        damping: z.number().min(0).max(1).default(0.4),
        width: z.number().min(0).max(1).default(1),
        preDelaySeconds: z.number().min(0).max(0.5).default(0),
      })
      .describe('Feedback delay network.'),
    z
      .strictObject({
        type: z.literal('chorus'),
        mix: z.number().min(0).max(1).default(0.5),
        rateHz: z.number().min(0.01).max(10).default(0.3),
        depthSeconds: z.number().min(0).max(0.02).default(0.004),
      })
      .describe('Modulated delay lines.'),
    z
      .strictObject({
        type: z.literal('filter'),
        shape: z.enum(['lowpass', 'highpass', 'bandpass', 'notch', 'peaking', 'lowshelf', 'highshelf', 'allpass']),
        frequencyHz: z.number().min(10).max(96000),
        q: z.number().min(0.05).max(50).default(Math.SQRT1_2),
        gainDb: decibels(-40, 40).default(0).describe('Peaking and shelves only.'),
      })
      .describe('Second-order section after the Audio EQ Cookbook.'),
    z
      .strictObject({
        type: z.literal('compressor'),
        thresholdDb: decibels(-80, 0).default(-18),
        ratio: z.number().min(1).max(100).default(3),
        attackSeconds: z.number().min(0.0001).max(1).default(0.01),
        releaseSeconds: z.number().min(0.001).max(5).default(0.15),
        kneeDb: decibels(0, 24).default(6),
        makeupDb: decibels(-20, 40).default(0),
      })
      .describe('Feed-forward compressor, both channels linked.'),
    z.strictObject({ type: z.literal('gain'), gainDb: decibels(-96, 24) }).describe('Level change.'),
    z
      .strictObject({ type: z.literal('pan'), position: z.number().min(0).max(1) })
      .describe('Constant-power pan: 0 left, 0.5 centre, 1 right.'),
  ])
  .describe('An effect with its settings.');

export type Effect = z.output<typeof effectSchema>;
