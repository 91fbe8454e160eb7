import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, startApi } from './start-api.js';
import { audioBytes, startStation } from './start-station.js';

const redis = useTestRedis('api-home');
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis);
  await startStation(redis, api);
});

const demos = async () => (await ask(`${api.url}/v1/renders`)).body.renders as { id: string; options: object }[];

describe('GET /', () => {
  test('must give anybody but a browser the demo as an attachment, rendered once', async () => {
    const answers = await Promise.all(['/', '/t1.wav', '/', '/t1.wav'].map((path) => fetch(`${api.url}${path}`)));
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('audio/wav');
      expect(answer.headers.get('content-disposition')).toBe('attachment; filename="t1.wav"');
      expect(Buffer.from(await answer.arrayBuffer()).equals(audioBytes)).toBe(true);
    }
    expect(await demos()).toMatchObject([{ options: { bitDepth: 16, master: { normalize: 'none' }, tail: 2 } }]);
  });

  test('must be a file like any other: HEAD, ranges, conditions', async () => {
    const head = await fetch(`${api.url}/`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(audioBytes.length));
    const etag = `"${createHash('sha256').update(audioBytes).digest('hex')}"`;
    expect(head.headers.get('etag')).toBe(etag);
    expect((await fetch(`${api.url}/`, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    expect((await fetch(`${api.url}/t1.wav`, { headers: { Range: 'bytes=-5' } })).status).toBe(206);
  });

  test('must make the demo again after somebody deleted it', async () => {
    const [demo] = await demos();
    await ask(`${api.url}/v1/renders/${demo!.id}`, { method: 'DELETE' });
    const again = await fetch(`${api.url}/t1.wav`);
    await again.arrayBuffer();
    expect(again.status).toBe(200);
  });

  test('must give a browser a page that may run nothing but its own scripts', async () => {
    const page = await fetch(`${api.url}/`, { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('vary')).toContain('Accept');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(html).not.toMatch(/ on[a-z]+="| style="/);
    for (const [, script] of html.matchAll(/<script[^>]* src="([^"]+)"/g))
      expect((await fetch(api.url + script)).headers.get('content-type')).toContain('javascript');
  });

  test('must give every script that the page imports', async () => {
    const seen = new Set<string>();
    const visit = async (name: string): Promise<void> => {
      if (seen.has(name)) return;
      seen.add(name);
      const response = await fetch(`${api.url}/assets/${name}`);
      expect([name, response.status]).toEqual([name, 200]);
      for (const [, next] of (await response.text()).matchAll(/from '\.\/([^']+)'/g)) await visit(next!);
    };
    await visit('home.js');
    expect(seen.size).toBeGreaterThan(3);
  });
});
