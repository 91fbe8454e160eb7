import type { Manifest, RequestRecord } from '../records/records.js';
import { type LoadReply, type Look, loadOf, untouched } from './look.js';

/** What has become of a render that was joined to its content. */
export type Joined =
  /** The content is finished: so is the render. */
  | { readonly kind: 'cached' }
  /** A job has to be added. */
  | { readonly kind: 'new'; readonly run: number; readonly tag: number; readonly look: Look }
  /** A job has to be added (again: adding is idempotent), or given a better priority. */
  | { readonly kind: 'joined' | 'pulled'; readonly run: number; readonly tag: number }
  /** The render was in the index before; run is 0 when it has ended. */
  | { readonly kind: 'known'; readonly run: number; readonly tag: number; readonly status: string }
  /** `unsure`: the index is not complete, so the storage has to be asked for a manifest. */
  | { readonly kind: 'full' | 'busy' | 'condemned' | 'unsure' };

/** What the storage says of a content; `unasked` when it has not been looked at. */
export type KnownManifest = Manifest | null | 'unasked';

export interface JoinLimits {
  /** Most contents waiting; 0 is no limit. */
  readonly maxQueued: number;
  /** Most unfinished renders of one tenant; 0 is no limit. */
  readonly tenantMaxUnfinished: number;
}

export type JoinReply =
  | readonly [Exclude<Joined['kind'], 'new' | 'known'>, run: number, tag: number]
  | readonly ['known', run: number, tag: number, status: string]
  | readonly ['new', run: number, tag: number, position: number, ...LoadReply];

export function readJoined(reply: JoinReply, request: RequestRecord): Joined {
  const [kind, run, tag] = reply;
  switch (kind) {
    case 'known':
      return { kind, run, tag, status: reply[3] };
    case 'new': {
      const [, , , position, ...load] = reply;
      return { kind, run, tag, look: { request, ended: null, ...untouched(request), position, ...loadOf(load) } };
    }
    case 'joined':
    case 'pulled':
      return { kind, run, tag };
    default:
      return { kind };
  }
}
