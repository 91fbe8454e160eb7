import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { environmentSchema, makeKey, readConfig } from '@musistrata/api';
import { ConfigError } from '@musistrata/render-queue';

const mistakes = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
};

describe('readConfig', () => {
  test('must start on localhost without any variable', () => {
    expect(readConfig({})).toMatchObject({ HOST: '127.0.0.1', PORT: 8080, authenticated: false });
  });

  test('must take an empty variable as unset', () => {
    expect(readConfig({ PORT: '', API_KEYS: '' })).toMatchObject({ PORT: 8080, authenticated: false });
  });

  test('must name every mistake at once, each with its variable', () => {
    const found = mistakes({ PORT: '99999', REDIS_URL: 'ftp://x', LOG_LEVEL: 'loud', READER_THREADS: 'many' });
    expect(found.map((mistake) => mistake.split(':')[0])).toEqual(['PORT', 'REDIS_URL', 'LOG_LEVEL', 'READER_THREADS']);
  });

  test.each(['0.0.0.0', '::', '192.168.1.10', 'render.example.org'])('must refuse %s without keys', (HOST) => {
    expect(mistakes({ HOST })).toEqual([expect.stringContaining('ALLOW_ANONYMOUS')]);
    expect(mistakes({ HOST, ALLOW_ANONYMOUS: 'true' })).toEqual([]);
  });

  test.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('must serve %s without keys', (HOST) => {
    expect(mistakes({ HOST })).toEqual([]);
  });

  test('must want a secret for links when there are keys, and a long one', () => {
    const { line: API_KEYS } = makeKey('shop', ['submit']);
    expect(mistakes({ API_KEYS })).toEqual([expect.stringContaining('LINK_SECRETS')]);
    expect(mistakes({ API_KEYS, LINK_SECRETS: 'short' })).toEqual([expect.stringContaining('32')]);
  });

  test('must name the mistakes of the list of keys with the others', () => {
    expect(mistakes({ API_KEYS: 'shop everything abc', PORT: 'x' }).map((mistake) => mistake.split(':')[0])).toEqual([
      'PORT',
      'LINK_SECRETS',
      'API_KEYS',
      'API_KEYS',
    ]);
  });

  test('must be documented variable by variable, with the true defaults', () => {
    const document = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    const rows = [...document.matchAll(/^\| `([A-Z_]+)` *\| (?:`([^`]*)`|none) *\| (.*?) *\|$/gm)];
    const documented = rows.map(([, name, byDefault, meaning]) => [name, byDefault ?? '', meaning]);
    const actual = Object.entries(environmentSchema.shape).map(([name, schema]) => {
      const { data } = schema.safeParse(undefined);
      return [name, data === undefined ? '' : String(data), schema.description];
    });
    expect(documented).toEqual(actual);
  });

  test('must not repeat a secret in a message', () => {
    const error = new ConfigError(mistakes({ REDIS_URL: 'ftp://:hunter2@x', LINK_SECRETS: 'hunter2' }));
    expect(error.message).not.toContain('hunter2');
  });

  test('must refuse an origin with a path', () => {
    expect(mistakes({ CORS_ORIGINS: 'https://a.example, https://b.example/x' })).toEqual([
      expect.stringContaining('https://b.example/x'),
    ]);
  });
});
