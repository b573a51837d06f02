import { z } from 'zod';
import type { Context } from '../../../src/poll/context.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { milliseconds } from '../fault-parameters.ts';
import { HoldingStream } from './holding-stream.ts';

/** What is written goes out a moment later, by itself. Neither flush nor shutdown waits for that. */
export const shutdownDropsTail = pollFault({
  name: 'shutdown-drops-tail',
  summary: 'a shutdown drops what was written a moment before',
  halves: ['write'],
  calls: 'shutdowns with something still on its way',
  class: 'shutdown-drops-tail',
  parameters: z.object({ ms: milliseconds(1, 'how long what was written is on its way') }),
  wrap: (inner, fault, { ms }) => new ShutdownDropsTailStream(inner, fault, ms),
});

class ShutdownDropsTailStream extends HoldingStream {
  readonly #ms: number;
  #isOnItsWay = false;
  /** What sending by itself has ended with: whoever calls next is told. */
  #failure: { readonly error: unknown } | null = null;

  constructor(inner: PollStream, fault: ActiveFault, ms: number) {
    super(inner, fault);
    this.#ms = ms;
  }

  override pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    this.#tell();
    const n = super.pollWrite(cx, bytes, start, end, given);
    if (n !== PENDING) this.#sendLater(cx);
    return n;
  }

  override pollFlush(cx: Context): number {
    this.#tell();
    return this.told(cx, this.inner.pollFlush(cx));
  }

  override pollShutdown(cx: Context): number {
    this.#tell();
    if (this.held.length > 0 && this.fault.fires()) this.held.clear();
    return super.pollShutdown(cx);
  }

  #tell(): void {
    if (this.#failure === null) return;
    const { error } = this.#failure;
    this.#failure = null;
    throw error;
  }

  #sendLater(cx: Context): void {
    if (this.#isOnItsWay) return;
    this.#isOnItsWay = true;
    this.fault.context.clock.after(this.#ms, () => {
      this.#isOnItsWay = false;
      // The context of the writing half, which lives as long as the copy; if the stream is full, a moment later.
      try {
        if (this.held.length > 0 && this.held.passOn(this.inner, cx) === PENDING) this.#sendLater(cx);
      } catch (error) {
        this.held.clear();
        this.#failure = { error };
      }
    });
  }
}
