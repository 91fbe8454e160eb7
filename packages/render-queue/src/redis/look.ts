import type { Manifest, RequestRecord } from '../records/records.js';
import { scriptNumber } from './script-number.js';

/** What Redis knows of a render; see viewRender(). */
export interface Look {
  readonly request: RequestRecord;
  readonly ended: {
    readonly status: 'succeeded' | 'failed' | 'canceled';
    readonly startedAt: number | null;
    readonly finishedAt: number;
    readonly expiresAt: number | null;
    readonly error: { readonly code: string; readonly message: string } | null;
    readonly cached: boolean;
  } | null;
  readonly content: {
    readonly status: 'queued' | 'rendering';
    readonly startedAt: number | null;
    readonly renderedSeconds: number;
    readonly totalSeconds: number;
  };
  readonly manifest: Manifest | null;
  /** 0 is next; null when it does not wait in the queue. */
  readonly position: number | null;
  readonly waiting: number;
  readonly backlogSeconds: number;
  readonly slots: number;
  /** Rendered seconds of audio per second and slot, measured; null before the first. */
  readonly factor: number | null;
}

type Fields = readonly (string | null)[];
/** What a script says of the queue as a whole. */
export type LoadReply = readonly [waiting: number, backlog: string, slots: number, factor: string];
export type LookReply =
  | readonly ['gone']
  | readonly ['unknown']
  | readonly ['ended', render: Fields, content: Fields]
  | readonly ['live', render: Fields, content: Fields, position: number | null, ...LoadReply];

/** Ended renders wait for nothing: their reply has no load. */
export function loadOf([waiting, backlog, slots, factor]: LoadReply | readonly []): Pick<
  Look,
  'waiting' | 'backlogSeconds' | 'slots' | 'factor'
> {
  return {
    waiting: waiting ?? 0,
    backlogSeconds: Number(backlog ?? 0),
    slots: slots ?? 0,
    factor: scriptNumber(factor),
  };
}

/** Of a content that nobody has begun to render. */
export function untouched({ expectedSeconds }: RequestRecord): Pick<Look, 'content' | 'manifest'> {
  const content = { status: 'queued', startedAt: null, renderedSeconds: 0, totalSeconds: expectedSeconds } as const;
  return { content, manifest: null };
}

/** @returns null when the render is unknown, 'gone' when it is remembered as expired or deleted */
export function readLook(reply: LookReply): Look | 'gone' | null {
  if (reply[0] === 'gone') return 'gone';
  if (reply[0] === 'unknown') return null;
  const [, render, content, position = null, ...load] = reply;
  // Records of the first version lack these.
  const request = { engineVersion: '', soundIdentity: null, ...JSON.parse(render[0] ?? '') } as RequestRecord;
  const status = render[2];
  return {
    request,
    ended:
      status === 'succeeded' || status === 'failed' || status === 'canceled'
        ? {
            status,
            startedAt: scriptNumber(render[3]),
            finishedAt: Number(render[4]),
            expiresAt: scriptNumber(render[5]),
            error: render[6] ? (JSON.parse(render[6]) as { code: string; message: string }) : null,
            cached: render[7] === '1',
          }
        : null,
    content: {
      status: content[0] === 'rendering' ? 'rendering' : 'queued',
      startedAt: scriptNumber(content[2]),
      renderedSeconds: scriptNumber(content[3]) ?? 0,
      totalSeconds: scriptNumber(content[4]) ?? request.expectedSeconds,
    },
    manifest: content[5] ? (JSON.parse(content[5]) as Manifest) : null,
    position,
    ...loadOf(load),
  };
}
