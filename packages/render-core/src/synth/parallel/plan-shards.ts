import type { PartAssignment } from '../../instruments/sound-source.js';
import type { Part, PartEvent } from '../../score/performance.js';
import type { BankData } from '../bank/bank-data.js';
import { keyLoads, noteSeconds } from './part-load.js';

/** Shards that a score is divided into, whatever the number of threads: it decides the order in which voices are added up. */
export const SHARDS = 4;
/** Shards that are added up with each other first. */
const GROUP = 2;
/** A part with more than this share of the work is divided itself. */
const DOMINANT = 0.2;
/** Scores that take less (seconds of one voice) are not worth dividing, and those that take less than the other not worth starting threads for. */
const LEAST_WORK = 20;
const LEAST_WORK_OF_THREADS = 200;
const MONO = 126;
const PORTAMENTO = 65;
const PORTAMENTO_FROM = 84;

/** Parts that are rendered together. */
export interface Shard {
  readonly parts: readonly PartAssignment[];
  /** About what it costs to render, in seconds of one voice. */
  readonly load: number;
}

/**
 * Divides a score into shards of about equal work, in groups of about equal work (see {@link groupsOf}). Parts stay whole unless one dominates and its notes do not
 * depend on each other. The division depends on score and font alone, so the sums are the same on one thread and on many.
 *
 * @param dividesNotes false when notes of a part may cut each other in this font (exclusive classes outside of drum kits)
 */
export function planShards(bank: BankData, parts: readonly PartAssignment[], dividesNotes: boolean): Shard[] {
  if (parts.reduce((sum, { part }) => sum + noteSeconds(part), 0) < LEAST_WORK) return [{ parts, load: 0 }];
  const loads = parts.map((assignment) => keyLoads(bank, assignment));
  const total = loads.reduce((sum, keys) => sum + sumOf(keys), 0);
  const pieces = parts.flatMap((assignment, index) => {
    const keys = loads[index]!;
    const count =
      dividesNotes && isDivisible(assignment.part)
        ? Math.min(SHARDS, Math.floor(sumOf(keys) / total / DOMINANT) + 1)
        : 1;
    return divide(assignment, keys, count);
  });
  const shards = Array.from({ length: SHARDS }, () => ({
    load: 0,
    pieces: [] as { order: number; piece: PartAssignment }[],
  }));
  const heaviestFirst = pieces
    .map((piece, order) => ({ ...piece, order }))
    .sort((a, b) => b.load - a.load || a.order - b.order);
  for (const { assignment, load, order } of heaviestFirst) {
    const lightest = shards.reduce((least, shard) => (shard.load < least.load ? shard : least));
    lightest.load += load;
    lightest.pieces.push({ order, piece: assignment });
  }
  const divided = shards
    .filter((shard) => shard.pieces.length > 0)
    .sort((a, b) => b.load - a.load)
    .map(({ pieces, load }) => ({ parts: pieces.sort((a, b) => a.order - b.order).map(({ piece }) => piece), load }));
  // The lightest goes with the heaviest.
  return divided.length === SHARDS ? [divided[0]!, divided[3]!, divided[1]!, divided[2]!] : divided;
}

/** The numbers of the shards of each group: their sums are made first, and then the sum of these. */
export function groupsOf(shards: number): number[][] {
  return Array.from({ length: Math.ceil(shards / GROUP) }, (_, group) =>
    Array.from({ length: Math.min(GROUP, shards - group * GROUP) }, (_, at) => group * GROUP + at),
  );
}

/** Whether other threads can make up for what it takes to start them. */
export function isWorthThreads(parts: readonly Part[]): boolean {
  return parts.reduce((sum, part) => sum + noteSeconds(part), 0) >= LEAST_WORK_OF_THREADS;
}

/**
 * Deals shards out to helpers so that all have about the same to do. Returns each one's streams: the numbers of shards that it adds up by itself, whole groups
 * where there are enough of them for all.
 */
export function dealShards(shards: readonly Shard[], helpers: number): number[][][] {
  const groups = groupsOf(shards.length);
  const streams = helpers > groups.length ? groups.flat().map((shard) => [shard]) : groups;
  const hands = Array.from({ length: Math.min(helpers, streams.length) }, () => ({
    load: 0,
    streams: [] as number[][],
  }));
  const heaviestFirst = streams
    .map((stream) => ({ stream, load: stream.reduce((sum, shard) => sum + shards[shard]!.load, 0) }))
    .sort((a, b) => b.load - a.load || a.stream[0]! - b.stream[0]!);
  for (const { stream, load } of heaviestFirst) {
    const lightest = hands.reduce((least, hand) => (hand.load < least.load ? hand : least));
    lightest.load += load;
    lightest.streams.push(stream);
  }
  return hands.map((hand) => hand.streams.sort((a, b) => a[0]! - b[0]!));
}

/** Notes of drums cut each other; in mono mode and with portamento a note depends on the one before it. */
function isDivisible(part: Part): boolean {
  if (part.percussion) return false;
  return !part.events.some(
    (event) =>
      (event.kind === 'system' && event.message.type === 'percussion') ||
      (event.kind === 'controller' &&
        (event.controller === MONO || event.controller === PORTAMENTO || event.controller === PORTAMENTO_FROM)),
  );
}

/** Every piece has all events but notes, and each note is in one piece: that of its key, so that notes that sound alike stay together and are rendered once. */
function divide(
  assignment: PartAssignment,
  keys: Float64Array,
  count: number,
): { assignment: PartAssignment; load: number }[] {
  if (count === 1) return [{ assignment, load: sumOf(keys) }];
  const pieces = Array.from({ length: count }, () => ({ events: [] as PartEvent[], load: 0 }));
  const pieceOf = new Map<number, (typeof pieces)[number]>();
  const heaviestFirst = [...keys.keys()].sort((a, b) => keys[b]! - keys[a]! || a - b);
  for (const key of heaviestFirst) {
    const lightest = pieces.reduce((least, piece) => (piece.load < least.load ? piece : least));
    lightest.load += keys[key]!;
    pieceOf.set(key, lightest);
  }
  for (const event of assignment.part.events) {
    if (event.kind === 'note') (pieceOf.get(event.key) ?? pieces[0]!).events.push(event);
    else for (const piece of pieces) piece.events.push(event);
  }
  return pieces.map(({ events, load }) => ({
    assignment: { ...assignment, part: { ...assignment.part, events } },
    load,
  }));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
