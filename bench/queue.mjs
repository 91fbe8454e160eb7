// What queue and storage cost: submissions a second, time from submission to start and to the finished file, cancellation.
// node bench/queue.mjs [--embedded]      REDIS_URL names a server; otherwise one is started with its append-only file, or the embedded one.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findEmbeddedRedis, findRedis, startEmbeddedRedis } from '../apps/standalone/dist/redis/index.js';
import { FolderBlobStore } from '../packages/blob-store/dist/index.js';
import { renderOptionsSchema } from '../packages/render-core/dist/index.js';
import { RenderDesk, RenderStation } from '../packages/render-queue/dist/index.js';

const { values } = parseArgs({ options: { embedded: { type: 'boolean', default: false } } });
const folder = await mkdtemp(join(tmpdir(), 'bench-queue-'));
const redis = values.embedded ? await startEmbeddedRedis(findEmbeddedRedis()) : await findRedis(process.env, folder);
console.log(`Redis: ${redis.description}`);

const options = renderOptionsSchema.parse({});
let number = 0;
function submission(title = `score ${number++}`) {
  // As large as a short MIDI file.
  const bytes = Buffer.from(title.padEnd(4000, '.'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const score = { format: 'midi', title, durationSeconds: 10, partCount: 1, noteCount: 100, sha256 };
  return { tenant: 'bench', bytes, score, options, soundIdentity: 'none' };
}

/** Does as little as a renderer can: the rest of the time is the queue's. */
async function instant(job) {
  const path = join(job.outputFolder, 'out.wav');
  await writeFile(path, Buffer.alloc(1_000_000));
  const audio = { path, contentType: 'audio/wav', durationSeconds: 10, sampleRate: 44100, channels: 2, bitDepth: 24 };
  return {
    audio: { ...audio, peakDbtp: null, loudnessLufs: null },
    stems: null,
    timing: null,
    peaks: null,
    warnings: [],
  };
}

let stations = 0;
async function installation(flush, runner = instant) {
  const name = `bench-${process.pid}-${stations++}`;
  const store = new FolderBlobStore({ folder: join(folder, name), flush });
  const common = { redisUrl: redis.url, name, store, engineVersion: '1', onFault: (fault) => console.error(fault) };
  const desk = await RenderDesk.open({ ...common, maxQueued: 0 });
  const started = new Map();
  const stopped = new Map();
  const onEvent = (event) => {
    for (const id of event.renderIds) (event.kind === 'started' ? started : stopped).set(id, performance.now());
  };
  const station = () =>
    RenderStation.open({ ...common, runner, slots: 2, workFolder: join(folder, name, 'work'), onEvent });
  return { desk, station, started, stopped };
}

async function inFlight(width, count, work) {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: width }, lane));
  return count / ((performance.now() - begin) / 1000);
}

function quantiles(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  return { p50: at(0.5), p99: at(0.99), n: sorted.length };
}

const table = [];
for (const flush of [true, false]) {
  for (const width of [1, 16, 64]) {
    const { desk } = await installation(flush);
    const perSecond = await inFlight(width, width === 1 ? 500 : 3000, () => desk.submit(submission()));
    table.push({ what: 'different renders', flush, 'in flight': width, 'per second': Math.round(perSecond) });
    await desk.close();
  }
}
{
  const { desk, station } = await installation(true);
  const worker = await station();
  const first = (await desk.submit(submission('same'))).render;
  while ((await desk.get(first.id)).finishedAt === null) await new Promise((resolve) => setTimeout(resolve, 5));
  const perSecond = await inFlight(16, 1000, () => desk.submit(submission('same')));
  table.push({ what: 'finished render again', flush: true, 'in flight': 16, 'per second': Math.round(perSecond) });
  const reads = await inFlight(64, 5000, () => desk.get(first.id));
  table.push({ what: 'status of a render', flush: true, 'in flight': 64, 'per second': Math.round(reads) });
  await worker.close(5);
  await desk.close();
}
console.table(table);

const latencies = [];
{
  const { desk, station, started } = await installation(true);
  const worker = await station();
  const toStart = [];
  const toFile = [];
  const submitting = [];
  for (let at = 0; at < 200; at++) {
    const begin = performance.now();
    const { render } = await desk.submit(submission());
    const submitted = performance.now();
    await new Promise((resolve) => {
      const stop = desk.watch(render.id, (change) => {
        if (!change.render?.finishedAt) return;
        stop();
        resolve();
      });
      // It may have ended before it was watched.
      desk.get(render.id).then((seen) => seen.finishedAt && resolve());
    });
    toFile.push(performance.now() - begin);
    toStart.push(started.get(render.id) - begin);
    submitting.push(submitted - begin);
  }
  latencies.push({ 'milliseconds of an idle stack': 'submission accepted', ...quantiles(submitting) });
  latencies.push({ 'milliseconds of an idle stack': 'from submission to start', ...quantiles(toStart) });
  latencies.push({ 'milliseconds of an idle stack': 'from submission to "succeeded" (1 MB)', ...quantiles(toFile) });
  await worker.close(5);
  await desk.close();
}
{
  const endless = (_job, { signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const { desk, station, stopped } = await installation(true, endless);
  const worker = await station();
  const times = [];
  for (let at = 0; at < 50; at++) {
    const { render } = await desk.submit(submission());
    while ((await desk.get(render.id)).status !== 'rendering') await new Promise((resolve) => setTimeout(resolve, 2));
    const begin = performance.now();
    await desk.cancel(render.id);
    while (!stopped.has(render.id)) await new Promise((resolve) => setTimeout(resolve, 1));
    times.push(stopped.get(render.id) - begin);
  }
  latencies.push({ 'milliseconds of an idle stack': 'from cancel to the stop of the job', ...quantiles(times) });
  await worker.close(5);
  await desk.close();
}
console.table(latencies);

await redis.stop();
await rm(folder, { recursive: true, force: true });
