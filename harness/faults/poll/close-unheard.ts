import { z } from 'zod';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Kind, SocketState } from '../../../src/trace/event-kind.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { milliseconds } from '../fault-parameters.ts';
import { FaultError } from './fault-error.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

/** A connection that ends as a drop does: its state is set, and the list of those who wait is gone with it. */
export const closeUnheard = pollFault({
  name: 'close-unheard',
  summary: 'the connection closes while a half waits, which nobody wakes: if asked again, it would have said so',
  halves: ['read', 'write'],
  calls: 'calls that return Pending',
  class: 'close-does-not-wake',
  parameters: z.object({ ms: milliseconds(1, 'from that call to the close') }),
  wrap: (inner, fault, { ms }) => new CloseUnheardStream(inner, fault, ms),
});

class CloseUnheardStream extends HalfStream {
  readonly #ms: number;
  #isClosing = false;
  #isClosed = false;

  constructor(inner: PollStream, fault: ActiveFault, ms: number) {
    super(inner, fault);
    this.#ms = ms;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    if (this.#isClosed) {
      if (this.fault.half === 'read') return 0;
      throw new FaultError('The connection is closed');
    }
    const n = this.pass(cx, bytes, start, end, given);
    if (n === PENDING && !this.#isClosing && this.fault.fires()) {
      this.#isClosing = true;
      this.fault.context.clock.after(this.#ms, () => {
        this.#isClosed = true;
        cx.note?.(Kind.SOCKET, SocketState.CLOSED, 0);
      });
    }
    return n;
  }
}
