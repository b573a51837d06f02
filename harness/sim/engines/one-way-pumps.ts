import { BidirectionalCopy, type BidirectionalCopyOptions } from '../../../src/copy/bidirectional-copy.ts';
import { CopyBuffer } from '../../../src/copy/copy-buffer.ts';
import { CopyError, type CopyCounts } from '../../../src/copy/copy-error.ts';
import { HalfContext } from '../../../src/copy/half-context.ts';
import type { TransferState } from '../../../src/copy/transfer.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Flag } from '../../../src/trace/event-kind.ts';

/** `raced`: over when one of them is (`select!`, `Promise.race`). `joined`: when both are (`join!`, `Promise.all`). */
export type PumpsEnd = 'raced' | 'joined';

/**
 * WRONG, on purpose: two one-way copies side by side, as relays are made where nobody knew of a copy in both directions. A
 * one-way copy ends when all is written and flushed; it shuts nothing down, so no end is passed on. Raced, the first to end
 * also takes the other along, whatever that one still carries.
 */
export class OneWayPumps extends BidirectionalCopy {
  readonly #end: PumpsEnd;
  readonly #aToB: Pump;
  readonly #bToA: Pump;
  readonly #tellPoll: () => void;

  constructor(end: PumpsEnd, a: PollStream, b: PollStream, wake: () => void, options: BidirectionalCopyOptions) {
    super(a, b, wake, options);
    this.#end = end;
    this.#aToB = new Pump(this, 'a -> b', [a, b], wake, options);
    this.#bToA = new Pump(this, 'b -> a', [b, a], wake, options);
    this.#tellPoll = () => options.recorder?.poll(this.connection);
  }

  override get counts(): CopyCounts {
    return { aToB: this.#aToB.amt, bToA: this.#bToA.amt };
  }

  override count(direction: Direction): number {
    return direction === 'a -> b' ? this.#aToB.amt : this.#bToA.amt;
  }

  override get states(): { readonly aToB: TransferState; readonly bToA: TransferState } {
    return { aToB: this.#aToB.state, bToA: this.#bToA.state };
  }

  override reset(clear = true): void {
    super.reset(clear);
    this.#aToB.reset(clear);
    this.#bToA.reset(clear);
  }

  override poll(): boolean {
    this.#tellPoll();
    try {
      let isDone = this.#aToB.poll();
      // The first to be ready wins, and the other is not polled any more.
      if (!isDone || this.#end === 'joined') {
        const other = this.#bToA.poll();
        isDone = this.#end === 'joined' ? isDone && other : isDone || other;
      }
      if (isDone) this.close(null);
      return isDone;
    } catch (error) {
      if (error instanceof CopyError) error.counts = this.counts;
      this.close(error);
      throw error;
    }
  }
}

/** One direction. */
class Pump {
  readonly #buffer: CopyBuffer;
  #isOver = false;

  constructor(
    copy: BidirectionalCopy,
    direction: Direction,
    [reader, writer]: readonly [PollStream, PollStream],
    wake: () => void,
    options: BidirectionalCopyOptions,
  ) {
    const { recorder = null, limits = {} } = options;
    const common = { direction, budget: null, recorder, connection: copy.connection };
    const ends = {
      ...common,
      reader,
      readContext: new HalfContext({ ...common, half: 'read', wake }),
      writer,
      writeContext: new HalfContext({ ...common, half: 'write', wake }),
      dialect: copy.dialect,
      limits,
      payload: null,
      flags: direction === 'a -> b' ? 0 : Flag.B_TO_A,
    };
    this.#buffer = new CopyBuffer(ends, copy.dialect.bufferBytes);
  }

  get amt(): number {
    return this.#buffer.amt;
  }

  get state(): TransferState {
    return this.#isOver ? { kind: 'done', amt: this.amt } : { kind: 'running' };
  }

  reset(clear: boolean): void {
    this.#isOver = false;
    this.#buffer.reset(clear);
  }

  /** Whether it is over. */
  poll(): boolean {
    this.#isOver ||= this.#buffer.pollCopy() !== PENDING;
    return this.#isOver;
  }
}
