import { Worker } from 'node:worker_threads';
import { RefusedScoreError, type RenderJobRunner } from '@musistrata/render-queue';
import type { BurnScore } from './burn-score.js';

/** Renders {@link BurnScore}s, each in a thread of its own that is terminated on abort. */
export const burnRunner: RenderJobRunner = async (job, { signal, onProgress }) => {
  const score = JSON.parse(Buffer.from(job.bytes).toString()) as BurnScore;
  if (score.refusal) throw new RefusedScoreError(score.refusal, 'Refused, as the score wished.');
  const thread = new Worker(new URL('./burn-thread.js', import.meta.url), {
    workerData: { score, outputFolder: job.outputFolder },
  });
  try {
    const path = await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      thread.once('error', reject);
      thread.once('exit', () => reject(new Error('The thread ended early.')));
      thread.on('message', (message: { progress?: number; path?: string }) => {
        if (message.progress !== undefined) onProgress(message.progress, score.seconds);
        if (message.path !== undefined) resolve(message.path);
      });
    });
    return {
      audio: {
        path,
        contentType: 'audio/wav',
        durationSeconds: score.seconds,
        sampleRate: 44100,
        channels: 2,
        bitDepth: 24,
        peakDbtp: -1,
        loudnessLufs: -16,
      },
      stems: null,
      timing: null,
      peaks: null,
      warnings: [],
    };
  } finally {
    await thread.terminate();
  }
};
