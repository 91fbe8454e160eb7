// What HTTP, queue and storage cost: submissions a second, downloads against plain node:http (and nginx where it is installed),
// and what the service adds to a bare render. Everything runs on this machine: the figures include the load generator.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RenderPool, renderOptionsSchema, standardCatalogue } from '@musistrata/render-core';
import { findRedis } from '@musistrata/standalone/redis';

const folder = mkdtempSync(join(tmpdir(), 'bench-api-'));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const main = (app) => fileURLToPath(new URL(`../apps/${app}/dist/main.js`, import.meta.url));
const note = (beat) => ({ Beat: beat, Duration: 1, Note: { Name: ['C', 'E', 'G', 'B'][beat % 4], Octave: 5 } });

/** A piano piece of so many seconds; every seed is another one. */
const song = (seconds, seed) => ({
  Tempo: 60,
  BeatsPerBar: 4,
  Tracks: [
    {
      Name: `Piece ${seed}`,
      Instrument: 'Acoustic Grand Piano',
      Bars: Array.from({ length: Math.ceil(seconds / 4) }, (_, bar) => ({
        SoundEvents: [0, 1, 2, 3].filter((beat) => bar * 4 + beat < seconds).map(note),
      })),
    },
  ],
});

function ask(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent }, (answer) => {
      let bytes = 0;
      const chunks = [];
      answer.on('data', (chunk) => {
        bytes += chunk.length;
        if (bytes < 1e6) chunks.push(chunk);
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, bytes, text: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const post = (url, body, headers = {}) =>
  ask(`${url}/v1/renders`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  });

async function start(app, environment) {
  const child = spawn(process.execPath, [main(app)], { env: { ...process.env, ...environment }, stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGKILL'));
  return child;
}

async function stop(child) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  agent.destroy();
  await ended;
}

async function untilReady(url) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await ask(url).catch(() => null);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} is not ready`);
}

/** Times of `count` calls, `width` of them at once, in milliseconds. */
async function load(count, width, call) {
  const times = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) {
        const index = next++;
        const before = performance.now();
        await call(index);
        times.push(performance.now() - before);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  return { seconds, 'per second': Math.round(count / seconds), 'p50 ms': at(0.5), 'p99 ms': at(0.99) };
}

const { REDIS_URL: _shared, ...environment } = process.env;
const redis = await findRedis(environment, folder);
const api = 'http://127.0.0.1:18391';
const common = { REDIS_URL: redis.url, DATA_DIR: folder, LOG_LEVEL: 'warn' };
const children = [await start('api', { ...common, PORT: '18391', QUEUE_LIMIT: '10000000' })];
await untilReady(`${api}/readyz`);

console.log(`\nRedis: ${redis.description}. Submissions of 16 notes, every one different, nobody renders:`);
let seed = 0;
const submit = async () => {
  const { status } = await post(api, song(16, ++seed));
  if (status !== 202) throw new Error(`refused with ${status}`);
};
await load(500, 16, submit);
console.table({
  'one at a time': await load(300, 1, submit),
  '16 at once': await load(1500, 16, submit),
  '50 at once': await load(1500, 50, submit),
});
const { text } = await ask(`${api}/v1/capacity`);
console.log(`Waiting now: ${JSON.parse(text).renders.queued} renders.`);

// The rest needs an empty queue and a worker.
await stop(children.pop());
const fresh = { ...common, QUEUE_PREFIX: 'bench-two', DATA_DIR: join(folder, 'two') };
children.push(
  await start('api', { ...fresh, PORT: '18391' }),
  await start('worker', { ...fresh, WORKER_CONCURRENCY: '1', HEALTH_PORT: '0' }),
);
await untilReady(`${api}/readyz`);
await post(api, song(1, 'warm'), { Prefer: 'wait=60' });

console.log(
  '\nFrom POST with Prefer: wait to the finished render, against the engine alone (milliseconds, best of five):',
);
const pool = new RenderPool({ threads: 1, catalogue: standardCatalogue() });
await pool.ready();
const best = async (call) => {
  let shortest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    await call(round);
    shortest = Math.min(shortest, performance.now() - started);
  }
  return shortest;
};
const added = {};
for (const seconds of [1, 10, 180]) {
  const bare = await best(async () => {
    const outputFolder = mkdtempSync(join(folder, 'bare-'));
    await pool.run({
      bytes: Buffer.from(JSON.stringify(song(seconds, 'bare'))),
      options: renderOptionsSchema.parse({}),
      outputFolder,
    });
    rmSync(outputFolder, { recursive: true });
  });
  const whole = await best((round) => post(api, song(seconds, `whole ${round}`), { Prefer: 'wait=60' }));
  added[`${seconds} s of music`] = {
    bare: bare.toFixed(1),
    service: whole.toFixed(1),
    added: (whole - bare).toFixed(1),
  };
}
console.table(added);
await pool.close();

const finished = JSON.parse((await post(api, song(180, 'download'), { Prefer: 'wait=60' })).text);
const file = join(folder, 'plain.wav');
writeFileSync(file, Buffer.alloc(finished.audio.bytes, 1));
// In a process of its own, as the service is: with the load generator in one process it would be measured without a change of process for every chunk.
const plainServer = `
  import { createReadStream, statSync } from 'node:fs';
  import { createServer } from 'node:http';
  const file = process.argv[1];
  createServer((_, answer) => {
    answer.setHeader('Content-Length', statSync(file).size);
    createReadStream(file).pipe(answer);
  }).listen(18392, '127.0.0.1');
`;
const plain = spawn(process.execPath, ['--input-type=module', '--eval', plainServer, file], { stdio: 'ignore' });
process.on('exit', () => plain.kill('SIGKILL'));
await untilReady('http://127.0.0.1:18392/');
const servers = { 'this service': `${api}${finished.audio.url}`, 'plain node:http': 'http://127.0.0.1:18392/' };
let nginx = null;
if (spawnSync('nginx', ['-v']).status === 0) {
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; pid ${folder}/nginx.pid; error_log stderr crit; events {} http { access_log off; server { listen 127.0.0.1:18393; root ${folder}; } }`,
  );
  nginx = spawn('nginx', ['-c', config, '-p', folder], { stdio: 'ignore' });
  servers.nginx = 'http://127.0.0.1:18393/plain.wav';
  await new Promise((resolve) => setTimeout(resolve, 500));
}
console.log(`\nDownloads of ${(finished.audio.bytes / 1e6).toFixed(1)} MB, 8 at once:`);
const downloads = {};
for (const [name, url] of Object.entries(servers)) {
  const fetchAll = async () => {
    const { bytes } = await ask(url);
    if (bytes !== finished.audio.bytes) throw new Error(`${name} sent ${bytes} bytes`);
  };
  await load(8, 8, fetchAll);
  const result = await load(40, 8, fetchAll);
  downloads[name] = {
    'MB per second': Math.round((40 * finished.audio.bytes) / 1e6 / result.seconds),
    'p50 ms': result['p50 ms'],
  };
}
console.table(downloads);

nginx?.kill();
plain.kill();
await Promise.all(children.map(stop));
await redis.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
