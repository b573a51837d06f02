import { joinVerdict } from './join-report.ts';
import type { Joined } from './join.ts';
import { timelineOf } from './join-timeline.ts';
import type { FlowWay } from './joined-direction.ts';
import type { MatchedFlow } from './match-flows.ts';

/** What `join --json` prints: one object, schema 1. */
export function joinObject(names: { readonly trace: string; readonly capture: string }, joined: Joined): object {
  const { copy, note, matched, clock, directions, warnings, failure } = joined;
  const timeline = timelineOf(directions, clock?.shiftMs ?? null);
  return {
    schema: 1,
    ...names,
    connection: { connection: copy.connection, a: note?.a ?? null, b: note?.b ?? null, end: note?.end ?? null },
    flows: { a: flowObject(matched.a), b: flowObject(matched.b) },
    clock,
    verdict: joinVerdict(joined),
    directions: directions.map(({ direction, source, copy: side, target, judged }) => ({
      direction,
      source: wayObject(source),
      copy: {
        read: side.read.bytes,
        readCalls: side.readCalls,
        written: side.taken.bytes,
        reported: side.reported,
        buffered: side.buffered,
        pos: side.place?.pos ?? null,
        cap: side.place?.cap ?? null,
        readDone: side.readDone,
        needFlush: side.needFlush,
        // The summary counts the repeats of the last one.
        rounds: side.rounds === 0 ? 0 : 1 + side.rounds,
        isShutDown: side.isShutDown,
      },
      target: wayObject(target),
      stopsAt: judged.stopsAt,
      message: judged.message,
    })),
    timeline: timeline.entries,
    leftOut: timeline.leftOut,
    warnings: failure === null ? warnings : [...warnings, failure.message],
  };
}

function flowObject(matched: MatchedFlow | null): object | null {
  if (matched === null) return null;
  const { flow, by, others, inbound } = matched;
  const { id, client, server } = flow;
  return { id, client, server, peer: inbound === 0 ? 'client' : 'server', by, others: others.slice(0, 100) };
}

function wayObject(way: FlowWay | null): object | null {
  if (way === null) return null;
  const { flowId, carriedBy, bytes, preambleBytes, unfinishedFrameBytes, side } = way;
  return {
    flow: flowId,
    carriedBy,
    bytes,
    preambleBytes,
    socketBytes: side.tcp.bytes,
    acknowledgedBytes: side.acknowledgedBytes,
    frames: side.frames,
    frameBytes: side.frameBytes,
    unfinishedFrameBytes,
    seenFrameBytes: side.seenFrameBytes,
    messages: carriedBy === 'tunnel' ? side.tunnel.steps : side.webSocket.steps,
    missingBytes: side.gapBytes,
    end: side.end,
    lastWord: side.lastWord,
  };
}
