import type { Duplex } from 'node:stream';
import type { Context } from '../../../src/poll/context.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { DrivenReadable } from './driven-readable.ts';
import { callsBack, DrivenWritable } from './driven-writable.ts';

/**
 * A Duplex under test as a polled stream. Its user is the strictest that Node's documentation allows: it writes nothing
 * between a `false` and the 'drain', gives every chunk away, waits for each callback, and believes no event that
 * comes out of order. docs/check.md says which promise of Node's stands for which law.
 */
export class DrivenDuplex implements PollStream {
  readonly #duplex: Duplex;
  readonly #readable: DrivenReadable;
  readonly #writable: DrivenWritable;
  /** Whether its writes tell when they are through. */
  readonly callsBack: boolean;

  /** @param flows whether it is read by 'data' and `pause()`, and not by 'readable' and `read()`. */
  constructor(duplex: Duplex, flows: boolean) {
    this.#duplex = duplex;
    this.#readable = new DrivenReadable(duplex, flows);
    this.callsBack = callsBack(duplex);
    this.#writable = new DrivenWritable(duplex, this.callsBack);
    duplex.on('error', (error: Error) => {
      this.#readable.fail(error);
      this.#writable.fail(error);
    });
    duplex.on('close', () => {
      this.#readable.close();
      this.#writable.close();
    });
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#readable.read(cx, bytes, start, end);
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#writable.write(cx, bytes, start, end);
  }

  pollFlush(cx: Context): number {
    return this.#writable.flush(cx);
  }

  pollShutdown(cx: Context): number {
    return this.#writable.end(cx);
  }

  abort(reason: Error): void {
    this.#duplex.destroy(reason);
  }
}
