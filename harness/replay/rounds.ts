import type { TraceEvent } from '../../src/trace/trace-event.ts';

/** An event and when it was, in milliseconds since the trace began. */
export interface TimedEvent {
  readonly event: TraceEvent;
  readonly atMs: number;
  /** When the next poll began: a wake is followed by it within one turn of the event loop. */
  readonly nextPollMs: number;
}

/** So many events at most are made of polls that were counted together. */
const MAX_REPEATED_EVENTS = 1_000_000;

/**
 * The events of a connection one by one, with the polls that the trace has counted together as often as they stood there, up to
 * `maxPolls` of them. Those of one number of repeats in a row went round in turn. Loops stay counted: they call nothing.
 */
export function* rounds(events: readonly TraceEvent[], maxPolls: number): Generator<TimedEvent> {
  const polls = [...pollsOf(events)];
  let left = maxPolls;
  let leftEvents = MAX_REPEATED_EVENTS;
  for (let at = 0; at < polls.length;) {
    const repeat = repeatOf(polls[at]);
    let end = at + 1;
    if (repeat > 0) while (end < polls.length && repeatOf(polls[end]) === repeat) end += 1;
    const cycle = polls.slice(at, end);
    const perRound = cycle.reduce((sum, poll) => sum + poll.length, 0);
    const most = Math.min(1 + repeat, Math.floor(left / cycle.length), Math.floor(leftEvents / perRound));
    const times = Math.max(1, most);
    left -= times * cycle.length;
    leftEvents -= times * perRound;
    for (let round = 0; round < times; round += 1) {
      for (const [index, poll] of cycle.entries()) {
        const isLast = index === cycle.length - 1;
        const next = isLast ? (round + 1 < times ? cycle[0] : polls[end]) : cycle[index + 1];
        const atMs = timeOf(poll, round);
        const nextPollMs = Math.max(atMs, next === undefined ? atMs : timeOf(next, isLast ? round + 1 : round));
        for (const event of poll) yield { event, atMs, nextPollMs };
      }
    }
    at = end;
  }
}

/** Each poll with what comes after it; what stands before the first makes one of its own. */
function* pollsOf(events: readonly TraceEvent[]): Generator<readonly TraceEvent[]> {
  let poll: TraceEvent[] = [];
  for (const event of events) {
    if (event.kind === 'poll' && poll.length > 0) {
      yield poll;
      poll = [];
    }
    poll.push(event);
  }
  if (poll.length > 0) yield poll;
}

function repeatOf(poll: readonly TraceEvent[] | undefined): number {
  const first = poll?.[0];
  return first?.kind === 'poll' ? (first.repeat ?? 0) : 0;
}

/** Rounds that were counted together are spread evenly from the first to the last. */
function timeOf(poll: readonly TraceEvent[], round: number): number {
  const first = poll[0];
  if (first === undefined) return 0;
  const beganMs = first.timeMs ?? first.tickMs;
  const { repeat = 0, lastTickMs = beganMs } = first;
  if (first.kind !== 'poll' || repeat === 0 || round > repeat) return beganMs;
  return beganMs + Math.max(0, lastTickMs - beganMs) * (round / repeat);
}
