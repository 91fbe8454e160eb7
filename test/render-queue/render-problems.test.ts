import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { renderProblems } from '@musistrata/render-queue';

test('docs/errors.md explains exactly the problems that a render can end with', () => {
  const document = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const section = document.split('\n## ').find((part) => part.startsWith('In a render')) ?? '';
  const codes = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code);
  expect(codes.sort()).toEqual(Object.keys(renderProblems).sort());
});
