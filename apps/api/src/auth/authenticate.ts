import type { IncomingMessage } from 'node:http';
import { type ApiConfig, isLoopback } from '../config.js';
import { Problem } from '../problems/problem.js';
import type { KeyRing, Scope } from './api-keys.js';

/** Who asks. */
export interface Caller {
  /** Renders belong to a tenant and are shared fairly between tenants. */
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Whether a caller may do what needs `scope`; admin may do everything. */
export function allows(caller: Caller, scope: Scope): boolean {
  return caller.scopes.has(scope) || caller.scopes.has('admin');
}

/** Sees the renders of everybody. */
export function seesAll(caller: Caller): boolean {
  return caller.scopes.has('admin');
}

/** Without keys everybody is this tenant; on an address that others can reach, nobody is an operator. */
export function anonymousCaller(config: ApiConfig): Caller {
  return {
    tenant: 'anonymous',
    scopes: new Set(isLoopback(config.HOST) ? ['submit', 'read', 'admin'] : ['submit', 'read']),
  };
}

/** Holder of a signed link: the route has checked which file it is for. */
export const linkHolder: Caller = { tenant: 'link', scopes: new Set(['admin']) };

/**
 * Finds out who sends a request by its key: `Authorization: Bearer KEY`, or the password of basic authentication for pages
 * that a browser opens by itself.
 * @throws Problem unauthenticated.
 */
export function authenticate(request: IncomingMessage, keys: KeyRing, allowBasic: boolean): Caller {
  const header = request.headers.authorization;
  if (header === undefined) throw Problem.unauthenticated('This needs an API key.', allowBasic);
  const [, scheme = '', credentials = ''] = /^([!#$%&'*+.^_`|~\w-]+) +(.+)$/.exec(header.trim()) ?? [];
  const presented =
    scheme.toLowerCase() === 'bearer'
      ? credentials
      : allowBasic && scheme.toLowerCase() === 'basic'
        ? password(credentials)
        : null;
  if (presented === null) throw Problem.unauthenticated('The Authorization header has an unknown scheme.');
  const key = keys.find(presented);
  if (key === null) throw Problem.unauthenticated('The API key is unknown or has expired.');
  return { tenant: key.name, scopes: key.scopes };
}

function password(credentials: string): string {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
