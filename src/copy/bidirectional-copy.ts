import { RelayscopeError } from '../errors.ts';
import { CoopBudget } from '../poll/coop-budget.ts';
import type { Direction } from '../poll/direction.ts';
import { PENDING } from '../poll/pending.ts';
import type { PollStream } from '../poll/poll-stream.ts';
import { Flag } from '../trace/event-kind.ts';
import { ambientRecorder } from '../trace/ambient-recorder.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { ConnectionEnds } from '../trace/recorder-notes.ts';
import { CopyError, type CopyCounts } from './copy-error.ts';
import { describe } from './copy-failures.ts';
import type { CopyRecord } from './copy-record.ts';
import type { CopyLimits } from './copy-limits.ts';
import { resolveDialect, type Dialect, type DialectName } from './dialect.ts';
import { HalfContext } from './half-context.ts';
import { Transfer, type TransferState } from './transfer.ts';

export interface BidirectionalCopyOptions {
  /** Default: `checked`. */
  readonly dialect?: DialectName | Dialect;
  /** Default: the ambient one (`relayscope/register` sets it), and without that none. null: none. */
  readonly recorder?: Recorder | null;
  /** The recorder's number for this copy, from `openConnection`, whose caller then also closes it. Default: a new one. */
  readonly connection?: number;
  /** Sizes of the buffers, in bytes, where the dialect lets them be set (`checked`, tokio from 1.38). */
  readonly bufferBytes?: number | { readonly aToB: number; readonly bToA: number };
  /** Fails where a debug build would panic (tokio from 1.13). Default: as the dialect's name says. */
  readonly debugAssertions?: boolean;
  /** Runs as a tokio task does, with a cooperative budget for each poll (tokio from 1.36). Default: false. */
  readonly coopBudget?: boolean;
  readonly limits?: CopyLimits;
}

/**
 * The copy as a future: nothing happens unless it is polled. `copyBidirectional` polls it on the event loop; a test or
 * a simulation polls it by hand.
 */
export class BidirectionalCopy {
  readonly dialect: Dialect;
  /** The number of this copy in the recorder's trace; 0 without one. */
  readonly connection: number;
  readonly #a: PollStream;
  readonly #b: PollStream;
  readonly #recorder: Recorder | null;
  readonly #budget: CoopBudget | null;
  readonly #aToB: Transfer;
  readonly #bToA: Transfer;
  #bFirst = false;
  readonly #wake: () => void;
  #isPolling = false;
  /** A stream has polled from within the poll under way, which has to be made up for. */
  #isPollDue = false;
  /** Whether the recorder is still to be told how this ends. */
  #isOpen: boolean;

  /** @param wake is called when a stream says that it is worth polling again. */
  constructor(a: PollStream, b: PollStream, wake: () => void, options: BidirectionalCopyOptions = {}) {
    assertStream('a', a);
    assertStream('b', b);
    this.#a = a;
    this.#b = b;
    this.#wake = wake;
    const dialect =
      typeof options.dialect === 'object' ? options.dialect : resolveDialect(options.dialect ?? 'checked');
    const debugAssertions = options.debugAssertions ?? dialect.debugAssertions;
    this.dialect = { ...dialect, debugAssertions: debugAssertions && dialect.hasDebugAssertion };
    this.#recorder = options.recorder === undefined ? ambientRecorder() : options.recorder;
    this.#isOpen = this.#recorder !== null && options.connection === undefined;
    this.connection = options.connection ?? this.#recorder?.openConnection(endsOf(a, b)) ?? 0;
    this.#budget = options.coopBudget === true ? new CoopBudget() : null;
    const direction = (name: Direction, reader: PollStream, writer: PollStream): Transfer => {
      const common = { direction: name, budget: this.#budget, recorder: this.#recorder, connection: this.connection };
      const ends = {
        ...common,
        reader,
        readContext: new HalfContext({ ...common, half: 'read', wake }),
        writer,
        writeContext: new HalfContext({ ...common, half: 'write', wake }),
        dialect: this.dialect,
        limits: options.limits ?? {},
        payload: this.#recorder?.payload ?? null,
        flags: name === 'a -> b' ? 0 : Flag.B_TO_A,
      };
      return new Transfer(ends, bufferBytesOf(this.dialect, name, options.bufferBytes));
    };
    this.#aToB = direction('a -> b', a, b);
    this.#bToA = direction('b -> a', b, a);
  }

  /** Where it is recorded; null without a recorder. */
  get record(): CopyRecord | null {
    const { connection, dialect } = this;
    return this.#recorder === null ? null : { recorder: this.#recorder, connection, dialect: dialect.name };
  }

  get counts(): CopyCounts {
    return { aToB: this.#aToB.amt, bToA: this.#bToA.amt };
  }

  /** One of the counts, without an object for both. */
  count(direction: Direction): number {
    return direction === 'a -> b' ? this.#aToB.amt : this.#bToA.amt;
  }

  get states(): { readonly aToB: TransferState; readonly bToA: TransferState } {
    return { aToB: this.#aToB.state, bToA: this.#bToA.state };
  }

  /**
   * Makes it ready to copy once more, over the same streams begun anew, for whoever makes many copies: nothing is
   * allocated. A recorder is told neither of the end nor of the beginning. @param clear also empties the buffers' memory.
   */
  reset(clear = true): void {
    this.#aToB.reset(clear);
    this.#bToA.reset(clear);
    this.#bFirst = false;
    this.#isPolling = false;
    this.#isPollDue = false;
    this.#isOpen = false;
  }

  /**
   * One poll of both directions; true when both are done. Throws what ended the copy, with both counts.
   *
   * A stream that calls back into who polls the copy, before its own call has returned, would have the same bytes written
   * twice: under `checked` such a poll does nothing, returns false, and the copy is woken once the one under way is over.
   */
  poll(): boolean {
    if (this.#isPolling && this.dialect.defersNestedPolls) {
      this.#isPollDue = true;
      return false;
    }
    this.#isPolling = true;
    this.#recorder?.poll(this.connection);
    this.#budget?.refill();
    const first = this.#bFirst ? this.#bToA : this.#aToB;
    const second = this.#bFirst ? this.#aToB : this.#bToA;
    if (this.dialect.alternates) this.#bFirst = !this.#bFirst;
    // A copy that has failed is not woken either.
    let isDone = true;
    try {
      const one = first.poll();
      const other = second.poll();
      isDone = one !== PENDING && other !== PENDING;
      if (isDone) this.close(null);
      return isDone;
    } catch (error) {
      if (error instanceof CopyError) error.counts = this.counts;
      this.close(error);
      throw error;
    } finally {
      this.#isPolling = false;
      if (this.#isPollDue) this.#makeUp(isDone);
    }
  }

  #makeUp(isDone: boolean): void {
    this.#isPollDue = false;
    if (!isDone) this.#wake();
  }

  /** Tells the recorder how it ended; whoever ends it between two polls calls this. null: both directions are done. */
  close(reason: unknown): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const ends = endsOf(this.#a, this.#b);
    const end = reason === null ? 'completed' : reason instanceof RelayscopeError ? reason.code : 'UNKNOWN';
    const why = reason instanceof Error ? { message: reason.message } : {};
    this.#recorder?.closeConnection(this.connection, { ...ends, end, ...why });
  }
}

/** What the streams say that they are; a socket that is still connecting knows it only later. */
function endsOf(a: PollStream, b: PollStream): ConnectionEnds {
  return { ...(a.label === undefined ? {} : { a: a.label }), ...(b.label === undefined ? {} : { b: b.label }) };
}

const METHODS = ['pollRead', 'pollWrite', 'pollFlush', 'pollShutdown'] as const;

/** What a program in JavaScript may have forgotten. */
function assertStream(name: string, stream: Partial<PollStream> | null | undefined): void {
  const missing = METHODS.find((method) => typeof stream?.[method] !== 'function');
  if (missing === undefined) return;
  throw new RelayscopeError(
    'STREAM_INVALID',
    `Wrong stream ${name}: expected one with ${missing}, got ${describe(stream)}`,
  );
}

function bufferBytesOf(dialect: Dialect, direction: Direction, sizes: BidirectionalCopyOptions['bufferBytes']): number {
  if (sizes === undefined) return dialect.bufferBytes;
  if (!dialect.hasBufferSizes) {
    throw new RelayscopeError(
      'BUFFER_SIZES_UNSUPPORTED',
      `No buffer sizes in ${dialect.name}: expected checked or tokio from 1.38`,
    );
  }
  const size = typeof sizes === 'number' ? sizes : direction === 'a -> b' ? sizes.aToB : sizes.bToA;
  // The releases accept a size of 0, and hang or lie: that is theirs to show. `checked` refuses it.
  if (Number.isInteger(size) && size >= (dialect.checksCounts ? 1 : 0) && size <= 0x3fffffff) return size;
  throw new RelayscopeError(
    'BUFFER_SIZE_INVALID',
    `Wrong buffer size in ${direction}: expected bytes, 1 to 1 GiB, got ${size}`,
  );
}
