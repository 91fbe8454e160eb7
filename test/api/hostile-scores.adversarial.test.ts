import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from './start-api.js';

const redis = useTestRedis('api-hostile');
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis, { MAX_BODY_BYTES: '4000000', READER_SECONDS: '20', READER_MEGABYTES: '256' });
});

type Bytes = Uint8Array<ArrayBuffer>;
const post = (body: string | Bytes, type = 'application/octet-stream', query = '') =>
  ask(`${api.url}/v1/renders${query}`, { method: 'POST', body, headers: { 'Content-Type': type } });

/** A zip archive of one deflated file (APPNOTE 4.3.6). */
function zip(name: string, content: Bytes): Bytes {
  const data = deflateRawSync(content);
  const crc = crc32(content);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), data]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    fields,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

const entityBomb = `<?xml version="1.0"?><!DOCTYPE s [${Array.from({ length: 12 }, (_, level) => `<!ENTITY e${level} "${level === 0 ? 'lol' : `&e${level - 1};`.repeat(10)}">`).join('')}]><score-partwise><part-list><score-part id="P1"><part-name>&e11;</part-name></score-part></part-list><part id="P1"/></score-partwise>`;
const externalEntity = `<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><score-partwise><part-list><score-part id="P1"><part-name>&x;</part-name></score-part></part-list><part id="P1"/></score-partwise>`;
const midiHeader = (tracks: number) =>
  Buffer.from(`4d54686400000006000000${tracks.toString(16).padStart(2, '0')}0060`, 'hex');
const track = (hex: string, length = hex.length / 2) => {
  const head = Buffer.from('4d54726b00000000', 'hex');
  head.writeUInt32BE(length, 4);
  return Buffer.concat([head, Buffer.from(hex, 'hex')]);
};

describe('hostile scores', () => {
  test.each<[string, () => string | Bytes, string]>([
    [
      'years of silence in 37 bytes',
      () => Buffer.concat([midiHeader(1), track('ffffff7f903c40ffffff7f803c40ffff7fff2f00')]),
      'audio/midi',
    ],
    [
      'a track that claims four gigabytes',
      () => Buffer.concat([midiHeader(1), track('00903c40', 0xffffffff)]),
      'audio/midi',
    ],
    ['255 tracks that are not there', () => midiHeader(255), 'audio/midi'],
    ['an endless variable-length number', () => Buffer.concat([midiHeader(1), track('ff'.repeat(1000))]), 'audio/midi'],
    ['a million brackets', () => `{"Tracks":${'['.repeat(1_000_000)}`, 'application/json'],
    [
      'a hundred thousand nested tracks',
      () => `{"Tracks":${'[{"Bars":'.repeat(100_000)}1${'}]'.repeat(100_000)}}`,
      'application/json',
    ],
    [
      'numbers beyond all bounds',
      () =>
        '{"Tempo":1e999,"Tracks":[{"Bars":[{"SoundEvents":[{"Beat":-1e308,"Duration":1e308,"Note":{"Name":"C","Octave":5}}]}]}]}',
      'application/json',
    ],
    ['a prototype as a score', () => '{"score":{"__proto__":{"Tracks":[]},"constructor":1}}', 'application/json'],
    [
      'two hundred thousand faults',
      () => `{"Tracks":[{"Bars":[{"SoundEvents":[${'{"Note":1},'.repeat(200_000)}{}]}]}]}`,
      'application/json',
    ],
    [
      'a compressed archive of zeros',
      () => zip('score.xml', Buffer.alloc(300_000_000)),
      'application/vnd.recordare.musicxml',
    ],
    ['an entity bomb', () => entityBomb, 'application/vnd.recordare.musicxml+xml'],
    ['an entity that is a file', () => externalEntity, 'application/vnd.recordare.musicxml+xml'],
    [
      'a Guitar Pro file of noise',
      () => Buffer.concat([Buffer.from('\x18FICHIER GUITAR PRO v5.00', 'latin1'), Buffer.alloc(5000, 0xff)]),
      'application/octet-stream',
    ],
    [
      'a gzip of a gzip bomb as a score',
      () => gzipSync(gzipSync(Buffer.alloc(50_000_000))),
      'application/octet-stream',
    ],
  ])('must be refused, or rendered as nothing much: %s', async (_title, body, type) => {
    const answer = await post(body(), type);
    expect(answer.status).toBeLessThan(500);
    expect(JSON.stringify(answer.body)).not.toContain('root:');
    if (answer.status >= 400) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(JSON.stringify(answer.body).length).toBeLessThan(200_000);
    }
    expect((await ask(`${api.url}/livez`)).status).toBe(200);
  });

  test('must not keep others waiting while a large one is read', async () => {
    const order: string[] = [];
    const events = '{"Beat":0,"Note":{"Name":"C","Octave":5}},'.repeat(80_000).slice(0, -1);
    const large = post(
      `{"Tracks":[{"Instrument":"Celesta","Bars":[{"SoundEvents":[${events}]}]}]}`,
      'application/json',
    ).then(({ status }) => {
      order.push('large');
      return status;
    });
    for (let index = 0; index < 5; index++) await ask(`${api.url}/livez`);
    order.push('small');
    expect(await large).toBe(202);
    expect(order).toEqual(['small', 'large']);
  });

  test('must not exhaust the process when many come at once', async () => {
    const archive = zip('score.xml', Buffer.alloc(30_000_000));
    const bodies = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? entityBomb : archive));
    const answers = await Promise.all(bodies.map((body) => post(body)));
    for (const { status } of answers) expect(status === 503 || status < 500).toBe(true);
    expect((await post(song(), 'application/json')).status).toBe(202);
  });
});
