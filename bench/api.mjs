// What the service costs beside the engine: submissions a second, what is added to a bare render, and downloads against plain servers.
// npm run bench -- api [submissions] [added] [downloads]     without names: all three. Everything runs on this machine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RenderPool, renderOptionsSchema, standardCatalogue } from '@musistrata/render-core';
import { plainServers } from './service/download-servers.mjs';
import { load, milliseconds, quantile } from './service/figures.mjs';
import { LeanConnection, wireRequest } from './service/lean-client.mjs';
import { piece } from './service/pieces.mjs';
import { BenchStack } from './service/stack.mjs';

const port = 18391;
const asked = process.argv.slice(2);
const wanted = (section) => asked.length === 0 || asked.includes(section);
const post = (song, headers = {}) =>
  wireRequest('POST', '/v1/renders', {
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(song),
  });
const connections = (width, to = port) => Promise.all(Array.from({ length: width }, () => LeanConnection.open(to)));

const stack = await BenchStack.open('api');
console.log(`Redis: ${stack.redis.description}`);

if (wanted('submissions')) {
  await stack.start('api', 'api', { PORT: `${port}`, QUEUE_LIMIT: '10000000' });
  // A worker completes the index once; from then on Redis knows what is finished.
  await stack.start('worker', 'worker', { HEALTH_PORT: `${port + 1}` });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await stack.stop('worker');
  console.log('\nSubmissions of 16 notes, every one different, nobody renders:');
  let seed = 0;
  const submissions = async (count, width) => {
    const lanes = await connections(width);
    const requests = Array.from({ length: count }, () => post(piece(16, ++seed)));
    const before = ['api', 'redis'].map((name) => stack.cpuSeconds(name));
    const { seconds, times } = await load(count, width, async (index, lane) => {
      const { status } = await lanes[lane].send(requests[index]);
      if (status !== 202) throw new Error(`refused with ${status}`);
    });
    const [api, redis] = ['api', 'redis'].map((name, at) => stack.cpuSeconds(name) - before[at]);
    for (const lane of lanes) lane.close();
    return {
      'per second': Math.round(count / seconds),
      'p50 ms': quantile(times, 0.5).toFixed(1),
      'p99 ms': quantile(times, 0.99).toFixed(1),
      'API cpu ms each': ((1000 * api) / count).toFixed(2),
      'Redis cpu ms each': ((1000 * redis) / count).toFixed(2),
    };
  };
  // The code is not compiled as it stays before some thousands of requests.
  await submissions(8000, 50);
  console.table({
    'one at a time': await submissions(500, 1),
    '16 at once': await submissions(3000, 16),
    '50 at once': await submissions(5000, 50),
  });
  await stack.stop('api');
}

if (wanted('added') || wanted('downloads')) {
  const fresh = { QUEUE_PREFIX: 'bench-two', DATA_DIR: join(stack.folder, 'two') };
  await stack.start('api', 'api', { ...fresh, PORT: `${port}` });
  await stack.start('worker', 'worker', { ...fresh, WORKER_CONCURRENCY: '1', HEALTH_PORT: `${port + 1}` });
  const [client] = await connections(1);
  const render = async (song) => {
    const { status, body } = await client.send(post(song, { Prefer: 'wait=60' }));
    if (status !== 201) throw new Error(`not rendered: ${status}`);
    return JSON.parse(body);
  };
  if (wanted('added')) await added(render);
  if (wanted('downloads')) await downloads(render);
  client.close();
}
await stack.close();
process.exit(0);

/** The same pieces, turn and turn about: by the engine alone in a thread of this process, and by the service. */
async function added(render) {
  console.log('\nFrom POST with Prefer: wait to the finished render, against the engine alone, median of so many:');
  const pool = new RenderPool({ threads: 1, catalogue: standardCatalogue() });
  await pool.ready();
  const bare = async (song) => {
    const outputFolder = mkdtempSync(join(stack.folder, 'bare-'));
    await pool.run({ bytes: Buffer.from(JSON.stringify(song)), options: renderOptionsSchema.parse({}), outputFolder });
    rmSync(outputFolder, { recursive: true });
  };
  const table = {};
  for (const [seconds, rounds] of [
    [1, 60],
    [10, 60],
    [180, 15],
  ]) {
    for (let warm = 0; warm < 5; warm++) {
      await bare(piece(seconds, `warm bare ${warm}`));
      await render(piece(seconds, `warm ${warm}`));
    }
    const alone = [];
    const whole = [];
    for (let round = 0; round < rounds; round++) {
      // What the render before leaves to write down is none of this one's time.
      await new Promise((resolve) => setTimeout(resolve, 50));
      whole.push(await milliseconds(() => render(piece(seconds, `whole ${round}`))));
      alone.push(await milliseconds(() => bare(piece(seconds, `bare ${round}`))));
    }
    alone.sort((a, b) => a - b);
    whole.sort((a, b) => a - b);
    const [engine, service] = [quantile(alone, 0.5), quantile(whole, 0.5)];
    table[`${seconds} s of music`] = {
      rounds,
      'engine ms': engine.toFixed(1),
      'service ms': service.toFixed(1),
      'added ms': (service - engine).toFixed(1),
      'added ms, p90': (quantile(whole, 0.9) - quantile(alone, 0.9)).toFixed(1),
    };
  }
  console.table(table);
  await pool.close();
}

async function downloads(render) {
  const { audio } = await render(piece(180, 'download'));
  writeFileSync(join(stack.folder, 'plain.wav'), Buffer.alloc(audio.bytes, 1));
  const { servers, stop } = await plainServers(stack.folder, 'plain.wav', port + 2);
  const all = [{ name: 'this service', port, path: audio.url }, ...servers];
  console.log(`\nDownloads of ${(audio.bytes / 1e6).toFixed(1)} MB, 8 at once:`);
  const figures = all.map(({ name }) => ({ name, rates: [], times: [] }));
  // Turn and turn about, so that a change of the machine meets all of them.
  for (let round = 0; round < 6; round++) {
    for (const [at, server] of all.entries()) {
      const lanes = await connections(8, server.port);
      const request = wireRequest('GET', server.path);
      const { seconds, times } = await load(32, 8, async (_, lane) => {
        const { status, bytes } = await lanes[lane].send(request);
        if (status !== 200 || bytes !== audio.bytes) throw new Error(`${server.name} answered ${status}`);
      });
      for (const lane of lanes) lane.close();
      if (round === 0) continue;
      figures[at].rates.push((32 * audio.bytes) / 1e6 / seconds);
      figures[at].times.push(...times);
    }
  }
  const rate = ({ rates }) =>
    quantile(
      rates.toSorted((a, b) => a - b),
      0.5,
    );
  console.table(
    Object.fromEntries(
      figures.map((figure) => [
        figure.name,
        {
          'MB per second': Math.round(rate(figure)),
          'p50 ms': quantile(
            figure.times.toSorted((a, b) => a - b),
            0.5,
          ).toFixed(0),
          'of this service': `${Math.round((100 * rate(figures[0])) / rate(figure))} %`,
        },
      ]),
    ),
  );
  stop();
}
