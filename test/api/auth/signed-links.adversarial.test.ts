import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Problem, SignedLinks } from '@musistrata/api';

const secret = 'a'.repeat(32);
const other = 'b'.repeat(32);
const now = Date.parse('2026-06-01T12:00:00Z');
const path = '/v1/renders/01jwxyz/audio';
const links = new SignedLinks([secret], 3600);

const parts = (link: string) => {
  const url = new URL(link, 'http://x');
  return [url.pathname, url.searchParams.get('expires') ?? '', url.searchParams.get('signature') ?? ''] as const;
};
const [, expires, signature] = parts(links.sign(path, now));

describe('signed links', () => {
  test('must open what they were made for, for at least the promised time', () => {
    expect(() => links.verify(path, expires, signature, now)).not.toThrow();
    expect(() => links.verify(path, expires, signature, now + 3_599_000)).not.toThrow();
    expect(() => links.verify(path, expires, signature, now + 2 * 3_600_000)).toThrow('has expired');
  });

  test('must stay equal within a window, so that answers can be compared', () => {
    expect(links.sign(path, now + 60_000)).toBe(links.sign(path, now));
  });

  test('must survive the rotation of the secret', () => {
    const rotated = new SignedLinks([other, secret], 3600);
    expect(() => rotated.verify(path, expires, signature, now)).not.toThrow();
    expect(() => links.verify(...parts(rotated.sign(path, now)), now)).toThrow(Problem);
  });

  test.each<[string, string, string, string]>([
    ['another path', '/v1/renders/01other/audio', expires, signature],
    ['a path that only starts alike', `${path}/..`, expires, signature],
    ['a later expiry', path, String(Number(expires) + 1), signature],
    ['an expiry with a sign', path, `+${expires}`, signature],
    ['an expiry with a fraction', path, `${expires}.0`, signature],
    ['an endless expiry', path, 'Infinity', signature],
    ['no signature', path, expires, ''],
    ['a shortened signature', path, expires, signature.slice(0, -2)],
    ['a lengthened signature', path, expires, `${signature}AAAA`],
    ['a changed signature', path, expires, `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`],
    [
      'the plain digest of the path',
      path,
      expires,
      createHmac('sha256', '').update(`${path}\n${expires}`).digest('base64url'),
    ],
    ['path and expiry shifted into each other', `${path}\n${expires}`, '', signature],
  ])('must refuse %s', (_title, askedPath, askedExpires, presented) => {
    expect(() => links.verify(askedPath, askedExpires, presented, now)).toThrow('is not genuine');
  });

  test('must refuse everything when there is no secret', () => {
    const unsigned = new SignedLinks([], 3600);
    expect(unsigned.sign(path, now)).toBe(path);
    expect(() => unsigned.verify(path, expires, signature, now)).toThrow(Problem);
  });
});
