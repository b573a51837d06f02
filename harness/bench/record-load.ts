import { devNull } from 'node:os';
import { performance } from 'node:perf_hooks';
import { pino } from 'pino';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { CopyError } from '../../src/copy/copy-error.ts';
import { HalfContext } from '../../src/copy/half-context.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { RecordVariant } from './record-variant.ts';

/** How a variant is run: so many operations at once, and how many make a batch long enough for the clock. */
export interface RecordLoad {
  readonly batch: number;
  readonly run: (operations: number) => void;
}

/** Some milliseconds each: on a busy machine some of many short batches are left alone, and of a few long ones none. */
const LOOP_BATCH = 1_000_000;
const ENGINE_BATCH = 100_000;
const LINE_BATCH = 1000;

/** The faithful loop; the call sites are the same in every dialect. */
const DIALECT = resolveDialect('tokio-1.12.0');

export function recordLoad(variant: RecordVariant): RecordLoad {
  switch (variant) {
    case 'empty':
      return { batch: LOOP_BATCH, run: emptyLoop(contexts(null)) };
    case 'registerOff':
      return { batch: LOOP_BATCH, run: registrations(contexts(null)) };
    case 'registerOn':
      return { batch: LOOP_BATCH, run: registrations(contexts(new Recorder())) };
    case 'engineCut':
    case 'engineOff':
      return { batch: ENGINE_BATCH, run: engine(endless, null) };
    case 'engineOn':
      return { batch: ENGINE_BATCH, run: engine(endless, new Recorder()) };
    case 'stuckOff':
      return { batch: ENGINE_BATCH, run: engine(offByOne, null) };
    case 'stuckOn':
      return { batch: ENGINE_BATCH, run: engine(offByOne, new Recorder()) };
    case 'poll':
      return { batch: ENGINE_BATCH, run: polls(new Recorder(), 1) };
    case 'idlePoll':
      return { batch: ENGINE_BATCH, run: polls(new Recorder(), PENDING) };
    case 'mark':
      return { batch: LINE_BATCH, run: marks };
    case 'console':
      return { batch: LINE_BATCH, run: consoleLines };
    case 'pino':
      return { batch: LINE_BATCH, run: pinoLines() };
  }
}

/** More than one, so that the compiler cannot look once before the loop and be done. */
const CONTEXTS = 64;

function contexts(recorder: Recorder | null): readonly HalfContext[] {
  const common = { direction: 'a -> b', half: 'read', budget: null, connection: 1, wake: () => undefined } as const;
  return Array.from({ length: CONTEXTS }, () => new HalfContext({ ...common, recorder }));
}

/** What the loop around a call site costs by itself: the next context is found, and something of it is read. */
function emptyLoop(all: readonly HalfContext[]): (operations: number) => void {
  return (operations) => {
    let seen: unknown;
    for (let i = 0; i < operations; i += 1) seen = all[i % CONTEXTS]?.budget;
    sink.seen = seen;
  };
}

/** A call site by itself: the one that every registration passes. */
function registrations(all: readonly HalfContext[]): (operations: number) => void {
  return (operations) => {
    let seen: unknown;
    for (let i = 0; i < operations; i += 1) seen = all[i % CONTEXTS]?.register();
    sink.seen = seen;
  };
}

/** Results go here, or the compiler would find that nobody wants them. */
export const sink: { seen: unknown } = { seen: null };

/** Always something to read, always room to write: an iteration is a read, a write and a loop, three records. */
const endless: PollStream = {
  pollRead: (_cx, _bytes, start, end) => end - start,
  pollWrite: (_cx, _bytes, start, end) => end - start,
  pollFlush: () => 0,
  pollShutdown: () => 0,
};

/** The adapter of the story: its first write sends pos past cap, and from then on the loop goes round for ever. */
const offByOne: PollStream = { ...endless, pollWrite: (_cx, _bytes, start, end) => end - start + 1 };

/** So many iterations of one poll of the real engine. */
function engine(b: PollStream, recorder: Recorder | null): (operations: number) => void {
  return (operations) => {
    const options = { dialect: DIALECT, recorder, limits: { iterationsPerPoll: operations } };
    try {
      new BidirectionalCopy(endless, b, () => undefined, options).poll();
    } catch (error) {
      if (!(error instanceof CopyError) || error.code !== 'ITERATION_LIMIT') throw error;
    }
  };
}

/**
 * A poll with its fine clock, and one write. Where the write takes a byte, both are recorded; where it is pending, as in
 * a livelock, both are compared with the poll before and counted there.
 */
function polls(recorder: Recorder, n: number): (operations: number) => void {
  return (operations) => {
    for (let i = 0; i < operations; i += 1) {
      recorder.poll(1);
      recorder.event(Kind.WRITE, 1, 0, 1, n, 1);
    }
  };
}

/** The same facts, as people would print them instead; the process has its stdout at the null device. */
function consoleLines(operations: number): void {
  for (let i = 0; i < operations; i += 1) console.log('a -> b #4 pos %d cap %d read_done %s', i, 68, false);
}

function pinoLines(): (operations: number) => void {
  const log = pino(pino.destination({ dest: devNull, sync: true }));
  return (operations) => {
    for (let i = 0; i < operations; i += 1) log.info({ direction: 'a -> b', pos: i, cap: 68, read_done: false }, '#4');
  };
}

function marks(operations: number): void {
  for (let i = 0; i < operations; i += 1) performance.mark('loop');
  // The timeline would grow for ever: whoever marks has to clear it.
  performance.clearMarks();
}
