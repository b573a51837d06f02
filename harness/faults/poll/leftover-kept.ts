import { z } from 'zod';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { bytes } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';
import { HeldBytes, MAX_HELD_BYTES } from './held-bytes.ts';

/** A decoder that hands out part of what it has, and asks the socket for more before it looks at what is left. */
export const leftoverKept = pollFault({
  name: 'leftover-kept',
  summary: 'a read hands out part of what has come, and keeps back the rest until more comes',
  halves: ['read'],
  calls: 'reads with something left over',
  class: 'leftover-not-drained',
  parameters: z.object({ bytes: bytes(64, 'handed out at once, at most') }),
  wrap: (inner, fault, parameters) => new LeftoverKeptStream(inner, fault, parameters.bytes),
});

class LeftoverKeptStream extends HalfStream {
  readonly #left = new HeldBytes();
  #more = new Uint8Array(0);
  readonly #most: number;

  constructor(inner: PollStream, fault: ActiveFault, most: number) {
    super(inner, fault);
    this.#most = most;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const until = Math.min(end, start + this.#most);
    if (this.#left.length > 0) {
      // What could not be kept would be lost.
      const room = Math.min(end - start, MAX_HELD_BYTES - this.#left.length);
      if (room > 0 && this.fault.fires()) {
        // Into a place of its own, in case the rest has no room in the caller's.
        if (this.#more.length < room) this.#more = new Uint8Array(room);
        const n = this.pass(cx, this.#more, 0, room, false);
        if (n === PENDING) {
          cx.note?.(Kind.QUEUE, this.#left.length, 0);
          return PENDING;
        }
        this.#left.add(this.#more, 0, n);
      }
      return this.#left.take(bytes, start, until);
    }
    const n = this.pass(cx, bytes, start, Math.min(end, until + MAX_HELD_BYTES), given);
    if (n <= until - start) return n;
    this.#left.add(bytes, until, start + n);
    return until - start;
  }
}
