import { BidirectionalCopy, type BidirectionalCopyOptions } from '../../../src/copy/bidirectional-copy.ts';
import { CopyError, type CopyCounts } from '../../../src/copy/copy-error.ts';
import { HalfContext } from '../../../src/copy/half-context.ts';
import type { TransferState } from '../../../src/copy/transfer.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { ForgetfulPump, type Forgotten } from './forgetful-pump.ts';

/** WRONG, on purpose: a copy in both directions, each of which forgets something between two polls. */
export class ForgetfulCopy extends BidirectionalCopy {
  readonly #aToB: ForgetfulPump;
  readonly #bToA: ForgetfulPump;
  readonly #tellPoll: () => void;

  constructor(
    forgotten: Forgotten,
    { a, b }: { readonly a: PollStream; readonly b: PollStream },
    wake: () => void,
    options: BidirectionalCopyOptions,
  ) {
    super(a, b, wake, options);
    const { recorder = null } = options;
    const pump = (direction: Direction, reader: PollStream, writer: PollStream): ForgetfulPump => {
      const common = { direction, budget: null, recorder, connection: this.connection };
      return new ForgetfulPump(forgotten, {
        reader,
        readContext: new HalfContext({ ...common, half: 'read', wake }),
        writer,
        writeContext: new HalfContext({ ...common, half: 'write', wake }),
        recorder,
        connection: this.connection,
        bufferBytes: this.dialect.bufferBytes,
      });
    };
    this.#aToB = pump('a -> b', a, b);
    this.#bToA = pump('b -> a', b, a);
    this.#tellPoll = () => recorder?.poll(this.connection);
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
    this.#aToB.reset();
    this.#bToA.reset();
  }

  override poll(): boolean {
    this.#tellPoll();
    try {
      const one = this.#aToB.poll();
      const other = this.#bToA.poll();
      const isDone = one !== PENDING && other !== PENDING;
      if (isDone) this.close(null);
      return isDone;
    } catch (error) {
      if (error instanceof CopyError) error.counts = this.counts;
      this.close(error);
      throw error;
    }
  }
}
