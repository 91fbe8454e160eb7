import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  AddressGuard,
  checkWebhookUrl,
  signWebhook,
  verifyWebhook,
  WebhookSecretError,
  WebhookUrlError,
  webhookKey,
} from '@musistrata/render-queue';

describe('signature', () => {
  // The example of the Standard Webhooks specification, which its libraries use in their tests.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const body = '{"test": 2432232314}';

  test('is the one of the specification', () => {
    expect(signWebhook([secret], id, 1614265330, body)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('holds one part for each secret, so that a receiver may know either', () => {
    const fresh = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const seconds = Math.floor(Date.now() / 1000);
    const signature = signWebhook([fresh, secret], id, seconds, body);
    expect(signature.split(' ')).toHaveLength(2);
    const headers = { id, timestamp: `${seconds}`, signature };
    expect(verifyWebhook(secret, headers, body)).toBe(true);
    expect(verifyWebhook(fresh, headers, body)).toBe(true);
    expect(verifyWebhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`, headers, body)).toBe(false);
    expect(verifyWebhook(secret, headers, `${body} `)).toBe(false);
    expect(verifyWebhook(secret, { ...headers, id: 'msg_other' }, body)).toBe(false);
    expect(verifyWebhook(secret, { ...headers, signature: signature.replaceAll('v1,', 'v2,') }, body)).toBe(false);
  });

  test('of an old message is refused, however right', () => {
    const seconds = Math.floor(Date.now() / 1000) - 600;
    const mac = createHmac('sha256', webhookKey(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
    expect(verifyWebhook(secret, { id, timestamp: `${seconds}`, signature: `v1,${mac}` }, body)).toBe(false);
  });

  test.each(['', 'secret', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'!'.repeat(40)}`])(
    'needs a real secret: %j',
    (text) => {
      expect(() => webhookKey(text)).toThrow(WebhookSecretError);
    },
  );
});

describe('address', () => {
  const guard = new AddressGuard();

  test.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '192.167.255.255', '2606:4700:4700::1111'])(
    'is public: %s',
    (address) => {
      expect(guard.admits(address)).toBe(true);
    },
  );

  test.each([
    '127.0.0.1',
    '127.255.0.9',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001:0:1::1',
    'localhost',
    '',
  ])('is not: %s', (address) => {
    expect(guard.admits(address)).toBe(false);
  });

  test('may be allowed by itself or by its network', () => {
    const own = new AddressGuard(['10.1.0.0/16', '::1', '127.0.0.1']);
    expect(['10.1.2.3', '::1', '127.0.0.1'].every((address) => own.admits(address))).toBe(true);
    expect(['10.2.0.1', '127.0.0.2', '::2'].some((address) => own.admits(address))).toBe(false);
  });
});

describe('url', () => {
  const guard = new AddressGuard();

  test.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'https://user:secret@example.org/',
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://[::1]:80/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/',
    'example.org',
    '',
    `https://example.org/${'x'.repeat(2000)}`,
  ])('is refused: %s', (url) => {
    expect(() => checkWebhookUrl(url, guard)).toThrow(WebhookUrlError);
  });

  test('with a public address or a name passes', () => {
    expect(checkWebhookUrl('https://example.org/hook?a=1', guard).hostname).toBe('example.org');
    expect(checkWebhookUrl('https://[2606:4700::1]/', guard).hostname).toBe('[2606:4700::1]');
  });
});
