import { describe, expect, test } from '@jest/globals';
import { jsonPointer, renderOptionsSchema, schemaFaults } from '@musistrata/render-core';
import { z } from 'zod';

function faultsOf(schema: z.ZodType, value: unknown): Record<string, string> {
  const issues = schema.safeParse(value).error?.issues ?? [];
  return Object.fromEntries(
    schemaFaults(schema, value, issues).map(({ path, message }) => [jsonPointer(path), message]),
  );
}

describe('faults of a schema are told in the words of who wrote the value', () => {
  test.each([
    [{ sampleRate: 7999 }, '/sampleRate', 'must be at least 8000 Hz'],
    [{ sampleRate: 192_001 }, '/sampleRate', 'must be at most 192000 Hz'],
    [{ transpose: 49 }, '/transpose', 'must be at most 48 semitones'],
    [{ tail: 61 }, '/tail', 'must be at most 60'],
    [{ tuningHz: Number.POSITIVE_INFINITY }, '/tuningHz', 'must be a finite number'],
    [{ channels: 3 }, '/channels', 'must be 1 or 2; did you mean 1?'],
    [{ bitDepth: '24' }, '/bitDepth', 'must be 16, 24 or 32; did you mean 24?'],
    [{ format: 'ogg' }, '/format', 'must be "wav", "flac", "mp3" or "opus"'],
    [{ format: 'flak' }, '/format', 'must be "wav", "flac", "mp3" or "opus"; did you mean "flac"?'],
    [{ formt: 'wav' }, '/formt', 'is not known here; did you mean format?'],
    [{ samplerate: 44100 }, '/samplerate', 'is not known here; did you mean sampleRate?'],
    [{ normalize: 'none' }, '/normalize', 'is not known here; did you mean master.normalize?'],
    [{ xyzzy: 1 }, '/xyzzy', 'is not known here'],
    [
      { tags: { xyzzy: 1 } },
      '/tags/xyzzy',
      'is not known here; it may be title, artist, album, comment, date or genre',
    ],
    [{ soundFont: '' }, '/soundFont', 'must not be empty'],
    [{ tags: { title: 'x'.repeat(501) } }, '/tags/title', 'must have at most 500 characters'],
    [
      { parts: [{ part: 0, effects: Array(17).fill({ type: 'echo' }) }] },
      '/parts/0/effects',
      'must have at most 16 entries',
    ],
    [{ parts: [{}] }, '/parts/0/part', 'is missing; it must be a number, text or an object'],
    [{ parts: [{ part: -1 }] }, '/parts/0/part', 'must be at least 0'],
    [{ parts: [{ part: { channel: 17 } }] }, '/parts/0/part/channel', 'must be at most 16'],
    [
      { master: { effects: [{ type: 'filtr' }] } },
      '/master/effects/0/type',
      'must be "echo", "reverb", "chorus", "filter", "compressor", "gain" or "pan"; did you mean "filter"?',
    ],
    [
      { master: { effects: [{ type: 'echo', delay: 1 }] } },
      '/master/effects/0/delay',
      'is not known here; did you mean delaySeconds?',
    ],
    [{ range: { startBar: 1, endbar: 4 } }, '/range/endbar', 'is not known here; did you mean endBar?'],
    [{ range: { startBar: 1, startSeconds: 0 } }, '/range', 'may have only one of startBar or startSeconds'],
  ])('%j', (options, pointer, message) => {
    expect(faultsOf(renderOptionsSchema, options)).toEqual({ [pointer]: message });
  });

  test('must say of a missing effect type what it may be', () => {
    expect(faultsOf(renderOptionsSchema, { master: { effects: [{}] } })).toEqual({
      '/master/effects/0/type': expect.stringMatching(/^is missing; it must be "echo", .* or "pan"$/),
    });
  });

  test.each([
    [z.object({ a: z.number().gt(0) }), { a: 0 }, { '/a': 'must be more than 0' }],
    [z.object({ waitSeconds: z.number().lt(9) }), { waitSeconds: 9 }, { '/waitSeconds': 'must be less than 9 s' }],
    [z.object({ a: z.number().multipleOf(0.5) }), { a: 0.3 }, { '/a': 'must be a multiple of 0.5' }],
    [z.object({ a: z.url() }), { a: 'x' }, { '/a': 'must be a URL' }],
    [z.object({ a: z.string().regex(/^b$/) }), { a: 'x' }, { '/a': 'must match /^b$/' }],
    [z.object({ a: z.string().length(2) }), { a: 'x' }, { '/a': 'must have exactly 2 characters' }],
    [z.object({ a: z.string().min(3, 'words of its own') }), { a: 'x' }, { '/a': 'words of its own' }],
    [
      z.record(z.string().max(2), z.string()),
      { abc: '' },
      { '/abc': 'has a name that must have at most 2 characters' },
    ],
    [z.record(z.string(), z.string()), { 'a/b~': 1 }, { '/a~1b~0': 'must be text' }],
    [z.object({ a: z.stringbool() }), { a: 'perhaps' }, { '/a': 'must be true or false' }],
  ])('every kind of issue has words of ours: %#', (schema, value, faults) => {
    expect(faultsOf(schema, value)).toEqual(faults);
  });

  test('must never repeat a text that it refuses', () => {
    const secret = 'hunter2hunter2';
    const faults = faultsOf(z.object({ a: z.enum(['x']), b: z.url(), c: z.number() }), {
      a: secret,
      b: secret,
      c: secret,
    });
    expect(Object.keys(faults)).toHaveLength(3);
    expect(JSON.stringify(faults)).not.toContain(secret);
  });
});
