import type { RenderStatus } from '../render.js';
import { scriptNumber } from './script-number.js';

export interface QueueLoad {
  readonly stations: number;
  readonly slots: number;
  readonly waiting: number;
}

export interface Capacity {
  /** Worker processes alive. */
  readonly stations: number;
  /** Renders that they run at once. */
  readonly slots: number;
  /** Distinct jobs waiting: equal renders wait as one. */
  readonly waiting: number;
  /** Of these, jobs that no living worker may take: it has another engine version. */
  readonly stranded: number;
  /** By the queue of each engine version that has stations or waiting jobs. */
  readonly queues: Readonly<Record<string, QueueLoad>>;
  readonly backlogSeconds: number;
  readonly renders: Readonly<Record<RenderStatus, number>>;
  /** Rendered seconds of audio per second and slot: moving average; null before the first render. */
  readonly realTimeFactor: number | null;
  /** Moving average of the time one job takes; null before the first. */
  readonly jobSeconds: number | null;
  /** Bytes of all stored outputs. */
  readonly storedBytes: number;
}

export type CapacityReply = readonly [
  stations: readonly (readonly [queue: string, slots: number])[],
  waiting: readonly string[],
  allWaiting: number,
  backlog: string,
  counts: readonly [number, number, number, number, number],
  factor: string,
  jobSeconds: string,
  bytes: string,
];

/** @param waits names and counts in turn, as HGETALL gives them */
function queueLoads(stations: CapacityReply[0], waits: CapacityReply[1]): Record<string, QueueLoad> {
  const loads = new Map<string, { stations: number; slots: number; waiting: number }>();
  const of = (queue: string) => {
    const known = loads.get(queue) ?? { stations: 0, slots: 0, waiting: 0 };
    loads.set(queue, known);
    return known;
  };
  for (const [queue, slots] of stations) {
    const load = of(queue);
    load.stations++;
    load.slots += slots;
  }
  for (let at = 0; at + 1 < waits.length; at += 2) of(waits[at]!).waiting = Number(waits[at + 1]);
  return Object.fromEntries(loads);
}

export function readCapacity([
  stations,
  waits,
  waiting,
  backlog,
  counts,
  factor,
  jobSeconds,
  bytes,
]: CapacityReply): Capacity {
  const queues = queueLoads(stations, waits);
  return {
    stations: stations.length,
    slots: stations.reduce((sum, [, slots]) => sum + slots, 0),
    waiting,
    stranded: Object.values(queues).reduce((sum, queue) => sum + (queue.stations === 0 ? queue.waiting : 0), 0),
    queues,
    backlogSeconds: Number(backlog),
    renders: {
      queued: counts[0],
      rendering: counts[1],
      succeeded: counts[2],
      failed: counts[3],
      canceled: counts[4],
    },
    realTimeFactor: scriptNumber(factor),
    jobSeconds: scriptNumber(jobSeconds),
    storedBytes: Number(bytes),
  };
}
