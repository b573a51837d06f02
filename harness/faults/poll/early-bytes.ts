import { z } from 'zod';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Kind, SocketState } from '../../../src/trace/event-kind.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { bytes } from '../fault-parameters.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

interface Parameters {
  readonly bytes: number;
  readonly lost: boolean;
}

/** What a handshake has read beyond its own end: the first bytes of the stream, in the hands of somebody else. */
export const earlyBytes = pollFault({
  name: 'early-bytes',
  summary: 'the first bytes came with a handshake, and whoever read that hands them to nobody',
  halves: ['read'],
  calls: 'the first read alone',
  class: 'buffered-data-lost',
  parameters: z.object({
    bytes: bytes(16, 'at most so many'),
    lost: z.boolean({ error: 'true or false' }).default(true).describe('false: they are read first, as they should be'),
  }),
  wrap: (inner, fault, parameters) => new EarlyBytesStream(inner, fault, parameters),
});

class EarlyBytesStream extends HalfStream {
  /** Whether there was a handshake; null: nothing has been read yet. */
  #hasHandshake: boolean | null = null;
  /** Those that are still to be handed over; null: the handshake is not over. */
  #early: Uint8Array | null = null;
  readonly #parameters: Parameters;

  constructor(inner: PollStream, fault: ActiveFault, parameters: Parameters) {
    super(inner, fault);
    this.#parameters = parameters;
  }

  protected override transfer(...[cx, into, start, end, given]: Transfer): number {
    this.#hasHandshake ??= this.fault.fires(this.reached(start, end));
    if (!this.#hasHandshake) return this.pass(cx, into, start, end, given);
    if (this.#early === null) {
      const head = new Uint8Array(this.#parameters.bytes);
      const n = this.pass(cx, head, 0, head.byteLength, given);
      if (!(n > 0)) return n;
      cx.note?.(Kind.SOCKET, SocketState.HANDED_OVER, n);
      this.#early = head.subarray(0, this.#parameters.lost ? 0 : n);
    }
    const early = this.#early;
    if (early.byteLength === 0) return this.pass(cx, into, start, end, given);
    const n = Math.min(early.byteLength, end - start);
    into.set(early.subarray(0, n), start);
    this.#early = early.subarray(n);
    return n;
  }
}
