import { createHmac, timingSafeEqual } from 'node:crypto';

const prefix = 'whsec_';

/** A secret that is not `whsec_` and the base64 of 24 to 64 bytes. */
export class WebhookSecretError extends Error {
  override readonly name = 'WebhookSecretError';
}

/** Key bytes of a secret as Standard Webhooks writes it. @throws WebhookSecretError */
export function webhookKey(secret: string): Buffer {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : '';
  const key = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (key.length < 24 || key.length > 64)
    throw new WebhookSecretError('A webhook secret is whsec_ and the base64 of 24 to 64 random bytes.');
  return key;
}

/**
 * Value of the `webhook-signature` header (Standard Webhooks 1.0.0): one `v1,` signature for each secret, so that receivers may change
 * from one secret to the next at their own time.
 * @param seconds since 1970, as in `webhook-timestamp`
 */
export function signWebhook(secrets: readonly string[], id: string, seconds: number, body: string): string {
  return secrets.map((secret) => `v1,${mac(secret, id, seconds, body).toString('base64')}`).join(' ');
}

/** What a receiver does, in constant time for equal lengths. @param toleranceSeconds how old or new a message may be */
export function verifyWebhook(
  secret: string,
  headers: { readonly id: string; readonly timestamp: string; readonly signature: string },
  body: string,
  toleranceSeconds = 300,
): boolean {
  const seconds = Number(headers.timestamp);
  if (!Number.isInteger(seconds) || Math.abs(Date.now() / 1000 - seconds) > toleranceSeconds) return false;
  const expected = mac(secret, headers.id, seconds, body);
  return headers.signature.split(' ').some((part) => {
    const [version, text = ''] = part.split(',');
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function mac(secret: string, id: string, seconds: number, body: string): Buffer {
  return createHmac('sha256', webhookKey(secret)).update(`${id}.${seconds}.${body}`).digest();
}
