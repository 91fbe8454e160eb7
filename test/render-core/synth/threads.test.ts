import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import { makeFont, sineSample } from './make-font.js';

const font = makeFont({
  samples: [sineSample(), sineSample(300, 0.4)],
  instruments: [
    [
      {
        generators: [
          [8, 8000],
          [11, 1200],
          [26, 0],
          [54, 1],
          [38, -2000],
        ],
        target: 0,
      },
      { generators: [[54, 1]], target: 1 },
    ],
  ],
  presets: [{ zones: [{ target: 0 }] }],
});

/** Renders a score of several parts, one of which dominates, with so many helper threads; as a digest. */
const SCRIPT = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { createHash } = require('node:crypto');
  import(workerData.core).then(async ({ loadSoundFont }) => {
    const font = await loadSoundFont(workerData.font);
    const frames = 1024;
    const make = () => ({ left: new Float32Array(frames), right: new Float32Array(frames), reverb: new Float32Array(frames), chorus: new Float32Array(frames) });
    const parts = workerData.counts.map((count, index) => ({
      index, name: 'part ' + index, channel: index + 1, port: 0, percussion: index === 1, instrument: null, velocityCurve: 'source',
      events: Array.from({ length: count }, (_, i) => [
        { kind: 'note', time: i * 0.013 * (1 + index), key: 40 + ((i * 7 + index) % 40), velocity: 30 + (i % 90), duration: 0.3 },
        { kind: 'controller', time: i * 0.013 * (1 + index), controller: [7, 10, 1, 91][i % 4], value: (i * 11) % 128 },
      ]).flat(),
    }));
    const digests = [];
    for (const helperThreads of workerData.threads) {
      const shared = make();
      const own = make();
      const warnings = [];
      const renderer = font.open(parts.map((part, index) => ({ part, bus: index === 2 ? own : shared, preset: null })), {
        sampleRate: 44100, blockFrames: frames, quality: 'standard', tuningHz: 440, maxVoices: null, seed: 1, helperThreads,
        warn: (warning) => warnings.push(warning.code),
      });
      const hash = createHash('sha256');
      for (let block = 0; block < 250; block++) {
        for (const bus of [shared, own]) for (const name in bus) bus[name].fill(0.123);
        renderer.render(block % 10 === 9 ? 1000 : frames);
        for (const bus of [shared, own]) for (const name in bus) hash.update(Buffer.from(bus[name].buffer));
      }
      renderer.close();
      digests.push(hash.digest('hex') + ' ' + warnings.sort().join());
    }
    parentPort.postMessage(digests);
  }).catch((error) => parentPort.postMessage([String(error.stack)]));
`;

function digests(counts: readonly number[], threads: readonly number[]): Promise<string[]> {
  const core = import.meta.resolve('@musistrata/render-core');
  const worker = new Worker(SCRIPT, { eval: true, workerData: { core, font, counts, threads } });
  return new Promise((resolve, reject) => {
    worker.once('message', (message: string[]) => {
      resolve(message);
      void worker.terminate();
    });
    worker.once('error', reject);
  });
}

describe('the bytes of a render', () => {
  test('are the same on 0, 1, 2, 3 and 8 helper threads, and again', async () => {
    const all = await digests([300, 60, 40, 30], [0, 1, 2, 3, 8, 2]);
    expect(all).toHaveLength(6);
    expect(all[0]).toMatch(/^[0-9a-f]{64} preset-substituted$/);
    expect(new Set(all).size).toBe(1);
  });

  test('are those of one thread for a score that is too short to divide', async () => {
    expect(new Set(await digests([3], [0, 2])).size).toBe(1);
  });
});
