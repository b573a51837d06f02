import { runCopy } from '../../../harness/sim/run-copy.ts';
import type { Script } from '../../../harness/sim/script.ts';
import { ScriptedStream } from '../../../harness/sim/scripted-stream.ts';
import { resolveDialect } from '../../../src/copy/dialect.ts';
import { decodeRecords } from '../../../src/trace/decode-records.ts';
import { encodeEvent } from '../../../src/trace/encode-event.ts';
import { readRing } from '../../../src/trace/read-ring.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';

/** The story as it was: the newest release when it happened, the request of 68 bytes, the reply of 302. */
const DIALECT = 'tokio-1.12.0';
const STARTED_AT = '2021-09-05T12:00:00.000Z';
/** As often as the loop went round in the quarter of a second until it was caught. */
const ITERATIONS = 20_157_093;
const CAUGHT_MS = 283;

interface Golden {
  readonly title: string;
  readonly a: Script;
  readonly b: Script;
  /** What a watchdog would have added. */
  readonly ending: readonly TraceItem[];
}

export const GOLDEN_TRACES: Readonly<Record<'off-by-one' | 'fixed', Golden>> = {
  'off-by-one': {
    title: 'The adapter counts its own header',
    a: { read: [68, 'p', 'x'] },
    b: { read: ['p', 302, 'x'], write: [{ d: 1 }] },
    ending: [
      {
        kind: 'verdict',
        verdict: {
          outcome: 'spinning',
          message: `The loop of the copy goes round without I/O (a -> b of connection 1, pos 69, cap 68): the event loop has not turned for ${CAUGHT_MS} ms`,
          atMs: CAUGHT_MS + 1,
          silentMs: CAUGHT_MS,
          loop: 'synchronous',
          where: 'copy',
          connection: 1,
          direction: 'a -> b',
          rounds: ITERATIONS,
        },
      },
      { kind: 'end', note: { reason: 'closed', atMs: CAUGHT_MS + 2 } },
    ],
  },
  fixed: {
    title: 'The right adapter',
    a: { read: [68, 'p', 0] },
    b: { read: ['p', 302, 0] },
    ending: [
      { kind: 'connection', note: { connection: 1, closedMs: 4, end: 'completed' } },
      { kind: 'end', note: { reason: 'closed', atMs: 5 } },
    ],
  },
};

/** The trace of one of them, the same each time: no socket, no chance, and a clock that moves with every look at it. */
export function goldenItems({ title, a, b, ending }: Golden): TraceItem[] {
  let looks = -1;
  const clock = {
    nowMs: () => {
      looks += 1;
      return looks / 2;
    },
    after: () => () => undefined,
  };
  const recorder = new Recorder({ clock });
  const calls = [new ScriptedStream('a', a, []), new ScriptedStream('b', b, [])] as const;
  runCopy(...calls, { dialect: resolveDialect(DIALECT), recorder, limits: { idleIterations: ITERATIONS - 1 } });
  const about = {
    writer: 'relayscope',
    title,
    dialect: DIALECT,
    startedAt: STARTED_AT,
    startedAtMs: Date.parse(STARTED_AT),
  };
  return [
    { kind: 'about', about },
    { kind: 'connection', note: { connection: 1, a: 'inbound', b: 'outbound', openedMs: 0.5 } },
    { kind: 'records', firstSeq: 0, words: wordsOf(readRing(recorder.buffer).map(caughtLater)) },
    ...ending,
  ];
}

/** In memory nobody sees the time pass while the loop spins; here it went on until it was caught. */
function caughtLater(event: TraceEvent): TraceEvent {
  return event.kind === 'loop' && (event.repeat ?? 0) > 0 ? { ...event, lastTickMs: event.tickMs + CAUGHT_MS } : event;
}

function wordsOf(events: readonly TraceEvent[]): Int32Array {
  const words = Int32Array.from(events.flatMap((event) => [...encodeEvent(event)]));
  // Nothing but the time of the last iteration has changed.
  if (decodeRecords(words, 0).length !== events.length) throw new Error('An event was lost');
  return words;
}
