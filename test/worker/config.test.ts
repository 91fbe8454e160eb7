import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '@musistrata/render-queue';
import { environmentSchema, readConfig } from '@musistrata/worker';

describe('configuration of the worker', () => {
  test('needs nothing', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      REDIS_URL: 'redis://127.0.0.1:6379',
      QUEUE_PREFIX: 'musistrata',
      storage: { kind: 'folder' },
    });
    expect(config.WORKER_CONCURRENCY).toBeGreaterThanOrEqual(1);
    expect(config.workFolder).toMatch(/data\/work$/);
  });

  test('takes empty variables for unset ones', () => {
    expect(readConfig({ REDIS_URL: '', WEBHOOK_SECRETS: '' })).toEqual(readConfig({}));
  });

  test('names every mistake at once, and repeats no value', () => {
    const environment = {
      REDIS_URL: 'http://not-redis',
      QUEUE_PREFIX: 'with space',
      WORKER_CONCURRENCY: 'many',
      STORAGE_URL: 's3://',
      WEBHOOK_SECRETS: 'topsecret',
      WEBHOOK_ALLOWED_ADDRESSES: '10.0.0.0/99',
      LOG_LEVEL: 'loud',
    };
    let message = '';
    try {
      readConfig(environment);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      message = String(error);
    }
    for (const name of Object.keys(environment)) expect(message).toContain(name);
    expect(message).not.toContain('topsecret');
  });

  test('is described in docs/operations.md, variable by variable', async () => {
    const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    const table = text.slice(
      text.indexOf('<!-- worker variables -->'),
      text.indexOf('<!-- end of worker variables -->'),
    );
    const described = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name).sort();
    expect(described).toEqual(Object.keys(environmentSchema.shape).sort());
  });
});
