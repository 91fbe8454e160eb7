// Whether memory stays flat: thousands of short renders through Redis, API and worker as they run in production, each asked for in one of the ways
// in which clients do (waiting, polling, watching, downloading, canceling, deleting), with everything expiring meanwhile.
// npm run bench -- soak [renders]     10,000 without a number: some ten minutes
import { readdirSync } from 'node:fs';
import { get } from 'node:http';
import { relative } from 'node:path';
import { Redis } from 'ioredis';
import { load, slope } from './service/figures.mjs';
import { piece } from './service/pieces.mjs';
import { BenchStack } from './service/stack.mjs';

const count = Number(process.argv[2] ?? 10_000);
const port = 18401;
const healthPort = 18402;
const keptSeconds = 30;
const url = `http://127.0.0.1:${port}`;
const services = { API: `${url}/metrics`, worker: `http://127.0.0.1:${healthPort}/metrics` };

const stack = await BenchStack.open('soak');
const kept = { RENDER_TTL_SECONDS: `${keptSeconds}`, GONE_SECONDS: `${keptSeconds}`, SWEEP_SECONDS: '60' };
await stack.start('api', 'api', { ...kept, PORT: `${port}` });
await stack.start('worker', 'worker', { ...kept, WORKER_CONCURRENCY: '2', HEALTH_PORT: `${healthPort}` });
const redis = new Redis(stack.redis.url);

const post = async (song, headers = {}) => {
  const response = await fetch(`${url}/v1/renders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(song),
  });
  if (response.status !== 201 && response.status !== 202) throw new Error(`refused with ${response.status}`);
  return response.json();
};
const read = async (path, init) => {
  const response = await fetch(url + path, init);
  await response.arrayBuffer();
  return response.status;
};
const remove = (id) => read(`/v1/renders/${id}`, { method: 'DELETE' });
/** Follows the events of a render, to the end or (as people do) until something else is more interesting. */
const watch = (id, most) =>
  new Promise((resolve, reject) => {
    const request = get(`${url}/v1/renders/${id}/events`, (response) => {
      let chunks = 0;
      response.on('data', () => {
        if (++chunks >= most) request.destroy();
      });
      response.once('close', resolve);
    });
    request.on('error', (error) => (error.code === 'ECONNRESET' ? resolve() : reject(error)));
  });

const waitHeaders = { Prefer: 'wait=60' };
const ways = [
  async (song) => read((await post(song, waitHeaders)).audio.url),
  async (song) => watch((await post(song)).id, Number.POSITIVE_INFINITY),
  async (song) => post(song, waitHeaders),
  async (song) => remove((await post(song)).id),
  async (song) => remove((await post(song, waitHeaders)).id),
  async (song) => read(`/v1/renders/${(await post(song)).id}?wait=60`),
  // Both share one job; the second may find it finished.
  async (song) => Promise.all([post(song, waitHeaders), post(song, waitHeaders)]),
  async (song) => watch((await post(song)).id, 1),
  async (song) => post(song, { ...waitHeaders, 'Idempotency-Key': song.Tracks[0].Name }),
  async (song) => post(song),
];

const figure = (text, name) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)$`, 'm').exec(text)?.[1] ?? NaN);
const megabytes = (bytes) => Math.round(bytes / 1e5) / 10;
/** Heaps go up and down between two collections: what is in use is the least that was seen. */
let least = {};
async function sample() {
  const row = {};
  for (const [name, address] of Object.entries(services)) {
    const text = await (await fetch(address)).text();
    row[`${name} RSS`] = megabytes(figure(text, 'process_resident_memory_bytes'));
    row[`${name} heap`] = megabytes(figure(text, 'nodejs_heap_size_used_bytes'));
    row[`${name} external`] = megabytes(figure(text, 'nodejs_external_memory_bytes'));
  }
  const info = await redis.info('memory');
  row['Redis MB'] = megabytes(Number(/used_memory:(\d+)/.exec(info)?.[1]));
  row['Redis keys'] = await redis.dbsize();
  for (const [name, value] of Object.entries(row)) least[name] = Math.min(value, least[name] ?? value);
}
const sampling = setInterval(() => sample().catch(() => undefined), 1000);

console.log(
  `${count} renders of a second of music, 12 clients at once, kept for ${keptSeconds} s. Redis: ${stack.redis.description}.`,
);
console.log('Megabytes, the least within each step:');
const rows = [];
let done = 0;
const step = Math.max(1, Math.round(count / 20));
const { seconds } = await load(count, 12, async (index) => {
  await ways[index % ways.length](piece(1, `soak ${index}`));
  if (++done % step === 0) {
    await sample();
    rows.push([done, least]);
    console.log(String(done).padStart(6), JSON.stringify(least).replaceAll('"', '').slice(1, -1));
    least = {};
  }
});
console.log(`${Math.round(count / seconds)} renders a second.`);
const half = rows.slice(rows.length / 2);
console.table(
  Object.fromEntries(
    Object.keys(rows[0][1]).map((name) => [
      name,
      {
        'first step': rows[0][1][name],
        middle: half[0][1][name],
        'last step': rows.at(-1)[1][name],
        'growth per 1000 renders, second half': slope(half.map(([at, row]) => [at / 1000, row[name]])).toFixed(2),
      },
    ]),
  ),
);

clearInterval(sampling);
console.log('What is left once everything has expired:');
for (let waited = 0; waited < keptSeconds * 4; waited += 5) {
  await new Promise((resolve) => setTimeout(resolve, 5000));
  if ((await redis.keys('*:render:*')).length === 0 && (await redis.keys('*:gone:*')).length === 0) break;
}
const left = {};
for (const key of await redis.keys('*')) {
  const kind = key
    .replace(/[0-9a-f]{64}/, '<key>')
    .replace(/c[0-9a-f]{40}(-\d+)?/, '<content>')
    .replace(/[0-9a-z]{26}/, '<render>');
  const ttl = await redis.ttl(key);
  // It has expired while the others were looked at.
  if (ttl === -2) continue;
  const size = await redis.memory('USAGE', key);
  left[kind] ??= { keys: 0, bytes: 0, 'without time to live': 0, 'longest seconds': 0 };
  const of = left[kind];
  of.keys++;
  of.bytes += size;
  if (ttl < 0) of['without time to live']++;
  of['longest seconds'] = Math.max(of['longest seconds'], ttl);
}
console.table(left);
const files = {};
for (const entry of readdirSync(stack.common.DATA_DIR, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const place = relative(stack.common.DATA_DIR, entry.parentPath).replace(/c[0-9a-f]{40}/, '<content>');
  files[place] = (files[place] ?? 0) + 1;
}
console.log(`Files left: ${JSON.stringify(files)}`);
redis.disconnect();
await stack.close();
process.exit(0);
