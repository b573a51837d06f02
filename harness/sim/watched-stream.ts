import type { Context } from '../../src/poll/context.ts';
import type { Direction } from '../../src/poll/direction.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { BrokenLaws } from './broken-laws.ts';
import { HalfWatch } from './half-watch.ts';
import { checkAccounting } from './laws/accounting.ts';
import { checkOrder } from './laws/conservation.ts';
import { checkEnd } from './laws/end-once.ts';
import { checkQuiet } from './laws/quiet-after-done.ts';
import { checkWaker } from './laws/waker.ts';
import { RunLimitError } from './run-limit-error.ts';
import type { SimStream } from './sim-stream.ts';

/** A poll that makes more calls of one stream than that would never return. */
export const MAX_CALLS_PER_POLL = 100_000;
/** A power of two. */
const LOOK_EVERY_CALLS = 1024;

/**
 * What the copy is given as one of its two streams: outermost, around the faults, it sees what the copy calls and what it
 * is told, and checks the laws against the ledgers of the scripted stream innermost.
 */
export class WatchedStream implements PollStream {
  readonly reader: HalfWatch;
  readonly writer: HalfWatch;
  /** The scripted stream, in whatever faults it is wrapped. */
  inner: PollStream;
  /** Of the poll under way. */
  calls = 0;
  #maxCalls = MAX_CALLS_PER_POLL;
  #halfOfCalls = MAX_CALLS_PER_POLL >> 1;
  /** Called once in so many calls of a poll: for what is too much to be looked at each time. */
  onManyCalls: () => void = () => undefined;
  #movedAtHalf = 0;
  readonly #sim: SimStream;
  readonly #broken: BrokenLaws;

  constructor(reads: Direction, writes: Direction, sim: SimStream, broken: BrokenLaws) {
    this.reader = new HalfWatch(reads, 'read');
    this.writer = new HalfWatch(writes, 'write');
    this.inner = sim;
    this.#sim = sim;
    this.#broken = broken;
  }

  reset(inner: PollStream): void {
    this.inner = inner;
    this.calls = 0;
    this.reader.reset();
    this.writer.reset();
  }

  /** A poll makes no more calls of this stream than that, and than MAX_CALLS_PER_POLL. */
  set maxCalls(calls: number) {
    this.#maxCalls = Math.min(calls, MAX_CALLS_PER_POLL);
    this.#halfOfCalls = this.#maxCalls >> 1;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const { reader } = this;
    this.#count();
    if (reader.isDone) this.#broken.add('quiet-after-done', reader.direction, checkQuiet(reader, 'read'));
    reader.begin(cx);
    const n = this.inner.pollRead(reader, bytes, start, end);
    if (n === PENDING) this.#pending(reader, 'read');
    else if (n === 0) reader.isDone = true;
    return n;
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    const { writer } = this;
    const { sink } = this.#sim;
    this.#count();
    if (writer.isDone) this.#broken.add('quiet-after-done', writer.direction, checkQuiet(writer, 'write'));
    writer.begin(cx);
    const n = this.inner.pollWrite(writer, bytes, start, end, given);
    if (n === PENDING) this.#pending(writer, 'write');
    // A wrong stream may have returned anything.
    else if (Number.isInteger(n)) writer.reported += n;
    if (writer.reported !== sink.taken || sink.differsAt !== -1 || !Number.isInteger(n)) {
      this.#broken.add('accounting', writer.direction, checkAccounting(writer, sink, n));
      this.#broken.add('conservation', writer.direction, checkOrder(sink));
    }
    return n;
  }

  pollFlush(cx: Context): number {
    const { writer } = this;
    this.#count();
    if (writer.isDone) this.#broken.add('quiet-after-done', writer.direction, checkQuiet(writer, 'flush'));
    writer.begin(cx);
    const result = this.inner.pollFlush(writer);
    if (result === PENDING) this.#pending(writer, 'flush');
    return result;
  }

  pollShutdown(cx: Context): number {
    const { writer } = this;
    this.#count();
    if (writer.isDone) this.#broken.add('quiet-after-done', writer.direction, checkQuiet(writer, 'shutdown'));
    writer.begin(cx);
    const result = this.inner.pollShutdown(writer);
    if (result === PENDING) this.#pending(writer, 'shutdown');
    else {
      writer.isDone = true;
      this.#broken.add('end-once', writer.direction, checkEnd(this.#sim.sink));
    }
    return result;
  }

  #pending(half: HalfWatch, call: 'read' | 'write' | 'flush' | 'shutdown'): void {
    half.isWaiting = true;
    if (!half.registered) this.#broken.add('waker', half.direction, checkWaker(half, call));
  }

  #count(): void {
    this.calls += 1;
    if ((this.calls & (LOOK_EVERY_CALLS - 1)) === 0) this.onManyCalls();
    if (this.calls >= this.#halfOfCalls) this.#checkCalls();
  }

  /** Whether anything still moves is told by the second half of the calls. */
  #checkCalls(): void {
    const { source, sink } = this.#sim;
    const moved = source.given + source.taken + sink.given + sink.taken;
    if (this.calls === this.#halfOfCalls) this.#movedAtHalf = moved;
    if (this.calls < this.#maxCalls) return;
    throw new RunLimitError(`${this.#maxCalls} calls in one poll`, moved !== this.#movedAtHalf);
  }
}
