import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SCORE_LIMITS, parseScore, SCORE_WARNING_CODES, songSchema } from '@musistrata/render-core';
import { z } from 'zod';

const document = readFileSync('docs/scores.md', 'utf8');

describe('docs/scores.md', () => {
  test('shows a song that can be rendered as it stands', async () => {
    const [, json] = /```json\n([\s\S]*?)```/.exec(document)!;
    const score = await parseScore({ bytes: new TextEncoder().encode(json) });
    expect(score.warnings).toEqual([]);
    expect(score.parts.map((part) => [part.name, part.percussion, part.events.length])).toEqual([
      ['Melody', false, 3],
      ['Beat', true, 2],
    ]);
  });

  test('explains every warning, and none that does not exist', () => {
    const [, section] = document.split('## Warnings');
    const codes = [...section!.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code);
    expect(codes.sort()).toEqual([...SCORE_WARNING_CODES].sort());
  });

  test('names the default limits', () => {
    for (const [name, limit] of Object.entries(DEFAULT_SCORE_LIMITS)) {
      const row = document.split('\n').find((line) => line.startsWith(`| \`${name}\``));
      expect(Number(row!.split('|')[2]!.replace(/\s/g, ''))).toBe(limit);
    }
  });

  test('docs/song.schema.json is the schema of songs', () => {
    const written = JSON.parse(readFileSync('docs/song.schema.json', 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(songSchema, { io: 'input' }))));
  });
});
