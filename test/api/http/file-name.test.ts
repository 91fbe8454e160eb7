import { describe, expect, test } from '@jest/globals';
import { contentDisposition, fileName, preferredWait } from '@musistrata/api';

describe('file names', () => {
  test.each([
    ['Für Elise', 'Für Elise.wav'],
    ['../../etc/passwd', 'etc passwd.wav'],
    ['..\\..\\boot.ini', 'boot.ini.wav'],
    ['a\r\nSet-Cookie: x=1', 'a Set-Cookie x=1.wav'],
    ['con\u202etxt.exe', 'con txt.exe.wav'],
    ['\u0000', 'render.wav'],
    ['...', 'render.wav'],
    ['', 'render.wav'],
    ['名前', '名前.wav'],
  ])('must make of %j the name %j', (title, name) => {
    expect(fileName(title, 'render', 'audio/wav')).toBe(name);
  });

  test('must be short and not cut a character in two', () => {
    const name = fileName('😀'.repeat(300), 'render', 'audio/flac');
    expect(name).toBe(`${'😀'.repeat(50)}.flac`);
    expect(fileName('a'.repeat(300), 'render', 'audio/flac')).toBe(`${'a'.repeat(120)}.flac`);
  });

  test.each(['名'.repeat(300), '😀'.repeat(300), `a${'é'.repeat(300)}`])(
    'must fit into the 255 bytes that disks allow (NAME_MAX), with room for an addition: %j',
    (title) => {
      expect(Buffer.byteLength(fileName(title, 'render', 'audio/wav'))).toBeLessThanOrEqual(210);
    },
  );

  /** RFC 9110 section 5.6.4: quotes within a quoted string are escaped; section 5.6.6: parameters are divided by semicolons. */
  test.each(['my filename=evil', 'a; filename=b.exe x', 'filename=x', 'x filename*=y', 'plain', 'inline; filename=z'])(
    'must be exactly one parameter, whatever the title is: %j',
    (title) => {
      const name = fileName(title, 'render', 'audio/wav');
      const [whole, value] =
        /^attachment; filename="((?:[^"\\]|\\.)*)"$/.exec(contentDisposition(name, 'attachment')) ?? [];
      expect(whole).toBeDefined();
      expect(value?.replace(/\\(.)/g, '$1')).toBe(name);
    },
  );

  test('must stand in one header line with a fallback in ASCII (RFC 6266)', () => {
    const header = contentDisposition('"名";\\.wav', 'attachment');
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(header).toContain("filename*=UTF-8''");
  });
});

/** RFC 7240 section 4.3; the first of several counts (section 2). */
describe('Prefer: wait', () => {
  test.each<[string | undefined, number | null]>([
    ['wait=30', 30],
    ['respond-async, wait=10', 10],
    ['Wait = "5"', 5],
    ['wait=5; foo=bar', 5],
    ['wait=1, wait=2', 1],
    ['wait=100000', 60],
    ['wait', null],
    ['wait=-1', null],
    ['wait=1.5', null],
    ['await=3', null],
    [undefined, null],
  ])('must read %j as %j', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });
});
