import { invariant, RelayscopeError } from '../../src/errors.ts';
import type { ConnectionNote } from '../../src/trace/trace-note.ts';
import type { FlowDirection } from '../capture/tcp-flow.ts';
import { thousands } from '../report/format-number.ts';
import type { CopySummary } from './copy-summary.ts';
import type { FlowSummary } from './flow-summary.ts';

/** Which end of a copy. */
export type End = 'a' | 'b';

/** A flow that is one end of the copy. */
export interface MatchedFlow {
  readonly flow: FlowSummary;
  readonly end: End;
  /** The direction of the flow that the copy reads from: what the peer says. */
  readonly inbound: FlowDirection;
  readonly by: 'choice' | 'endpoints' | 'payload' | 'time and byte counts';
  /** Other flows that fit as well but for their times. */
  readonly others: readonly number[];
}

export interface MatchedFlows {
  readonly a: MatchedFlow | null;
  readonly b: MatchedFlow | null;
}

export interface MatchInput {
  readonly copy: CopySummary;
  readonly note: ConnectionNote | undefined;
  /** When the trace began, since 1970; 0 is not known. */
  readonly startedAtMs: number;
  readonly flows: readonly FlowSummary[];
  /** The only flows to be considered; empty: all. */
  readonly chosen: readonly number[];
}

type Ends = Pick<MatchedFlow, 'flow' | 'end' | 'inbound'>;
/** `fit`: how many of the two directions have the very count that the copy has; −1: one has fewer than went through. */
type Candidate = Ends & Distance & { readonly fit: number };

/** How far a flow and a copy are apart in time; infinitely, if there is nothing to compare. */
interface Distance {
  /** By how much effect comes before cause. */
  readonly wrongMs: number;
  /** By how much it comes after it. */
  readonly lateMs: number;
}

/** By the clock of one machine, what was sent is read so much later at most: a relay that was busy meanwhile. */
const NEAR_MS = 2000;
/** The clocks of a trace and a capture on one machine drift apart by less. */
const CLOCK_MS = 50;
/** A difference below that is none: a poll takes time, too. */
const SAME_MS = 0.3;
/** Fewer bytes may be the same by chance. */
const LEAST_COMPARED_BYTES = 4;

/**
 * Finds the flows that are the two ends of a copy: by their addresses, by recorded payload, or by when how many bytes came. A
 * capture may have both, or one of them. Throws JOIN_NO_MATCH if it has none, and if what was chosen is none.
 */
export function matchFlows(input: MatchInput): MatchedFlows {
  const { flows, chosen } = input;
  const unknown = chosen.find((id) => !flows.some((flow) => flow.id === id));
  if (unknown !== undefined) {
    const known = flows.length === 0 ? 'one of no flows' : `one from 1 to ${flows.at(-1)?.id ?? 0}`;
    throw new RelayscopeError('JOIN_NO_MATCH', `No flow ${unknown} in the capture: expected ${known}`);
  }
  const among = chosen.length === 0 ? flows : flows.filter(({ id }) => chosen.includes(id));
  const all = among.flatMap((flow) => candidatesOf(flow, input));
  const a = best(
    all.filter(({ end }) => end === 'a'),
    input,
  );
  const b = best(
    all.filter(({ end, flow }) => end === 'b' && flow !== a?.flow),
    input,
  );
  if (a === null && b === null) throw noMatch(input);
  if (chosen.length !== 1) return { a, b };
  // One flow that was chosen is one end: the likelier.
  const only = best(all, input);
  return { a: only?.end === 'a' ? only : null, b: only?.end === 'b' ? only : null };
}

/** A flow as either end, with the relay as its server or its client. */
function candidatesOf(flow: FlowSummary, input: MatchInput): Candidate[] {
  const ways = [
    ['a', 0],
    ['a', 1],
    ['b', 1],
    ['b', 0],
  ] as const;
  return ways.map(([end, inbound]) => ({
    flow,
    end,
    inbound,
    ...distance(flow, end, inbound, input),
    fit: countsFit({ flow, end, inbound }, input.copy),
  }));
}

function best(all: readonly Candidate[], { copy, note, startedAtMs, chosen }: MatchInput): MatchedFlow | null {
  const named = all.filter((one) => hasEndpoint(one, note) && comparePayload(one, copy) !== 'differs');
  if (named.length > 0) return nearest(named, 'endpoints');
  const equal = all.filter((one) => comparePayload(one, copy) === 'same');
  if (equal.length > 0) return nearest(equal, 'payload');
  if (chosen.length > 0) {
    const possible = all.filter((one) => one.fit >= 0);
    return possible.length === 0 ? null : nearest(possible, 'choice');
  }
  const timed = all.filter((one) => one.wrongMs < CLOCK_MS && one.lateMs < NEAR_MS && one.fit > 0);
  return timed.length > 0 && startedAtMs > 0 ? nearest(timed, 'time and byte counts') : null;
}

/** The one whose counts fit best, and of those the nearest in time. */
function nearest(candidates: readonly Candidate[], by: MatchedFlow['by']): MatchedFlow {
  const sorted = candidates.toSorted(
    (one, other) => other.fit - one.fit || compare(one.wrongMs, other.wrongMs) || compare(one.lateMs, other.lateMs),
  );
  const [first] = sorted;
  invariant(first !== undefined, 'No candidates');
  const { flow, end, inbound, fit } = first;
  const others = sorted.filter(
    (one) => one.flow !== flow && one.fit === fit && one.wrongMs < CLOCK_MS && one.lateMs < NEAR_MS,
  );
  return { flow, end, inbound, by, others: [...new Set(others.map((one) => one.flow.id))] };
}

/** In the order of cause and effect: what the copy reads came before, what it writes goes out after. */
function distance(flow: FlowSummary, end: End, inbound: FlowDirection, { copy, startedAtMs }: MatchInput): Distance {
  const [incoming, outgoing] = end === 'a' ? (['a -> b', 'b -> a'] as const) : (['b -> a', 'a -> b'] as const);
  const came = flow.carried(inbound).points[0]?.atMs;
  const went = flow.carried(inbound === 0 ? 1 : 0).points[0]?.atMs;
  const read = copy.sides[incoming].read.points[0]?.atMs;
  const written = copy.sides[outgoing].taken.points[0]?.atMs;
  const gaps = [
    ...(came === undefined || read === undefined ? [] : [startedAtMs + read - came]),
    ...(went === undefined || written === undefined ? [] : [went - startedAtMs - written]),
  ];
  if (gaps.length === 0) return { wrongMs: Number.POSITIVE_INFINITY, lateMs: Number.POSITIVE_INFINITY };
  const wrongMs = Math.max(0, ...gaps.map((gap) => -gap));
  return { wrongMs: wrongMs <= SAME_MS ? 0 : wrongMs, lateMs: Math.max(0, ...gaps) };
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function countsFit({ flow, end, inbound }: Ends, copy: CopySummary): number {
  const [incoming, outgoing] = end === 'a' ? (['a -> b', 'b -> a'] as const) : (['b -> a', 'a -> b'] as const);
  const came = flow.carried(inbound).bytes;
  const went = flow.carried(inbound === 0 ? 1 : 0).bytes;
  const { read } = copy.sides[incoming];
  const { taken, reported } = copy.sides[outgoing];
  const isWhole = flow.sides.every((side) => side.gaps === 0) && !flow.isMidway;
  if (isWhole && (came < read.bytes || went > Math.max(taken.bytes, reported))) return -1;
  return (came > 0 && came === read.bytes ? 1 : 0) + (went > 0 && went === taken.bytes ? 1 : 0);
}

/** Whether the trace names that end by the address that is the peer's in the flow. */
function hasEndpoint({ flow, end, inbound }: Candidate, note: ConnectionNote | undefined): boolean {
  const name = end === 'a' ? note?.a : note?.b;
  return name !== undefined && name === (inbound === 0 ? flow.client : flow.server);
}

function comparePayload({ flow, end, inbound }: Candidate, copy: CopySummary): 'same' | 'differs' | 'unknown' {
  const [incoming, outgoing] = end === 'a' ? (['a -> b', 'b -> a'] as const) : (['b -> a', 'a -> b'] as const);
  const pairs = [
    [flow.carried(inbound).first, copy.sides[incoming].first.bytes],
    [flow.carried(inbound === 0 ? 1 : 0).first, copy.sides[outgoing].first.bytes],
  ] as const;
  let isSame = false;
  for (const [carried, recorded] of pairs) {
    const length = Math.min(carried.length, recorded.length);
    if (Buffer.compare(carried.subarray(0, length), recorded.subarray(0, length)) !== 0) return 'differs';
    isSame ||= length >= LEAST_COMPARED_BYTES;
  }
  return isSame ? 'same' : 'unknown';
}

function noMatch({ copy, flows, chosen }: MatchInput): RelayscopeError {
  const { 'a -> b': there, 'b -> a': back } = copy.sides;
  const counts = `${thousands(there.read.bytes)} bytes read from a, ${thousands(back.read.bytes)} from b`;
  if (chosen.length > 0) {
    return new RelayscopeError(
      'JOIN_NO_MATCH',
      `Flow ${chosen.join(', ')} is not connection ${copy.connection} (${counts}): its byte counts are others`,
    );
  }
  return new RelayscopeError(
    'JOIN_NO_MATCH',
    `No flow is known to be connection ${copy.connection} (${counts}): expected one of the capture's ${flows.length} flows with its addresses, its payload, or its times and byte counts; or --flow N`,
  );
}
