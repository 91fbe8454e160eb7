import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { problemKinds } from '@musistrata/api';

const document = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
const documented = new Map<string, { status: number; title: string; remedy: string }>();
let status = 0;
for (const line of document.split('\n')) {
  const heading = /^## (.*)$/.exec(line)?.[1];
  if (heading !== undefined) status = /^\d{3}$/.test(heading) ? Number(heading) : 0;
  const [, code, title, remedy] = /^\| `([a-z-]+)` *\| (.*?) *\| (.*?) *\|$/.exec(line) ?? [];
  if (code && title && remedy && status > 0) documented.set(code, { status, title, remedy });
}

describe('docs/errors.md', () => {
  test.each(Object.entries(problemKinds))('must explain %s as the service does', (code, kind) => {
    expect(documented.get(code)).toEqual(kind);
  });

  test('must not explain codes that do not exist', () => {
    expect([...documented.keys()].filter((code) => !Object.hasOwn(problemKinds, code))).toEqual([]);
  });
});
