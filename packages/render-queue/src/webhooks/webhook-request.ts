import { type LookupAddress, lookup as resolveHost } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressGuard } from './address-guard.js';

/** A URL that webhooks are not sent to. */
export class WebhookUrlError extends Error {
  override readonly name = 'WebhookUrlError';
}

/**
 * What can be said of a webhook's URL without a look at the network.
 * @throws WebhookUrlError
 */
export function checkWebhookUrl(text: string, guard: AddressGuard): URL {
  if (text.length > 2000 || !URL.canParse(text)) throw new WebhookUrlError('This is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new WebhookUrlError('Only https and http will do.');
  if (url.username || url.password) throw new WebhookUrlError('The URL must not hold a user name or a password.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !guard.admits(host)) throw new WebhookUrlError('This address is not public.');
  return url;
}

/**
 * Posts to a webhook. Redirects are not followed. Every address is checked as it is connected to, so that no name can resolve to one thing for the check
 * and to another for the connection.
 * @returns the HTTP status
 * @throws WebhookUrlError, or what went wrong on the way
 */
export async function postWebhook(
  text: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  guard: AddressGuard,
  timeoutSeconds: number,
): Promise<number> {
  const url = checkWebhookUrl(text, guard);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': `${Buffer.byteLength(body)}` },
        lookup: guardedLookup(guard),
        agent: false,
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      },
      (answer) => {
        // The status is the whole answer; a long body is nobody's business.
        resolve(answer.statusCode ?? 0);
        answer.on('error', () => undefined);
        answer.destroy();
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function guardedLookup(guard: AddressGuard): LookupFunction {
  return (host, options, done) => {
    resolveHost(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return done(error, [], 0);
      // All of them: which one is connected to is not ours to say.
      const refused = addresses.length === 0 || addresses.some(({ address }) => !guard.admits(address));
      if (refused) return done(new WebhookUrlError('The name leads to an address that is not public.'), [], 0);
      const [first] = addresses;
      if (options.all || !first) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}
