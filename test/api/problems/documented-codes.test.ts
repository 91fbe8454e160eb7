import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { problemKinds } from '@musistrata/api';
import {
  INSTRUMENT_ERROR_CODES,
  INSTRUMENT_WARNING_CODES,
  RENDER_WARNING_CODES,
  SCORE_ERROR_CODES,
} from '@musistrata/render-core';

const read = (name: string) => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');
const codesIn = (text: string) => [...text.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code ?? '').sort();
const section = (name: string, title: string) =>
  read(name)
    .split('\n## ')
    .find((part) => part.startsWith(title)) ?? '';

describe('codes of the render core', () => {
  test('every refusal of a score must be a problem of the API', () => {
    expect(SCORE_ERROR_CODES.filter((code) => !Object.hasOwn(problemKinds, code))).toEqual([]);
  });

  test('docs/errors.md must explain exactly the faults of instruments, unless they are problems of the API', () => {
    const own = INSTRUMENT_ERROR_CODES.filter((code) => !Object.hasOwn(problemKinds, code));
    expect(codesIn(section('errors.md', 'Of instruments'))).toEqual(own.sort());
  });

  test('docs/instruments.md must explain exactly the warnings of instruments', () => {
    expect(codesIn(section('instruments.md', 'What a request can say'))).toEqual([...INSTRUMENT_WARNING_CODES].sort());
  });

  test('docs/files.md must explain exactly the warnings of rendering', () => {
    expect(codesIn(section('files.md', 'Warnings'))).toEqual([...RENDER_WARNING_CODES].sort());
  });
});
