import type { IncomingMessage } from 'node:http';
import { type ApiConfig, isLoopback } from '../config.js';
import { Problem } from '../problems/problem.js';

/**
 * Keeps foreign web pages from using a service that asks for no key, or from using credentials that a browser sends by itself:
 * a page may change something only if it comes from here or from CORS_ORIGINS, and a service on localhost answers to local names only
 * (so that a foreign name that resolves to 127.0.0.1 is no way in).
 * @throws Problem origin-not-allowed, host-not-allowed.
 */
export function refuseForeignPages(request: IncomingMessage, config: ApiConfig): void {
  const host = request.headers.host ?? '';
  if (!config.authenticated && isLoopback(config.HOST)) {
    const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '') : '';
    const publicName = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL).hostname;
    if (!isLoopback(name) && name !== publicName) throw Problem.hostNotAllowed(host);
  }
  const origin = request.headers.origin;
  if (origin === undefined || request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS')
    return;
  const ownOrigin = URL.canParse(origin) && new URL(origin).host === host;
  const publicOrigin = config.PUBLIC_URL !== undefined && new URL(config.PUBLIC_URL).origin === origin;
  if (!ownOrigin && !publicOrigin && !config.CORS_ORIGINS.includes(origin) && !config.CORS_ORIGINS.includes('*'))
    throw Problem.originNotAllowed(origin);
}
