import { z } from 'zod';
import { PENDING } from '../../../src/poll/pending.ts';
import { Kind, SocketState } from '../../../src/trace/event-kind.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { LevelPoller, PollEvent } from '../../sim/level-poller.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { flag } from '../fault-parameters.ts';
import { FaultError } from './fault-error.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

export const hangUpLoop = pollFault({
  name: 'hang-up-loop',
  summary: 'its peer has hung up, which its poller reports for ever, and it looks only at what can be read or written',
  halves: ['read', 'write'],
  defaultHalves: ['read'],
  calls: 'calls that return Pending',
  class: 'hang-up-loop',
  parameters: z.object({ noticed: flag('the hang-up is noticed, and taken for the end, as it should be') }),
  wrap: (inner, fault, { noticed }) => new HangUpLoopStream(inner, fault, noticed),
});

class HangUpLoopStream extends HalfStream {
  readonly #poller: LevelPoller;
  readonly #noticed: boolean;

  constructor(inner: PollStream, fault: ActiveFault, noticed: boolean) {
    super(inner, fault);
    this.#poller = new LevelPoller(fault.context.clock);
    this.#noticed = noticed;
  }

  override abort = (reason: Error): void => {
    this.#poller.close();
    this.inner.abort?.(reason);
  };

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const n = this.pass(cx, bytes, start, end, given);
    if (n !== PENDING) return n;
    if (!this.#poller.is(PollEvent.HUP)) {
      if (!this.fault.fires()) return PENDING;
      cx.note?.(Kind.SOCKET, SocketState.CLOSED, 0);
      this.#poller.raise(PollEvent.HUP);
    }
    if (this.#noticed) {
      cx.note?.(Kind.SOCKET, SocketState.ENDED, 0);
      if (cx.half === 'read') return 0;
      throw new FaultError('Write to a peer that has hung up');
    }
    const waker = cx.register();
    this.#poller.wait(cx.half === 'read' ? PollEvent.IN : PollEvent.OUT, () => {
      waker.wake();
    });
    return PENDING;
  }
}
