import type { Context } from '../../../src/poll/context.ts';
import type { Direction, Half } from '../../../src/poll/direction.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';

/** Polls one stream by hand: each call waits until it is Ready, and polls only when it was woken. */
export class Driver {
  readonly stream: PollStream;

  constructor(stream: PollStream) {
    this.stream = stream;
  }

  async read(bytes: number): Promise<Buffer> {
    const buffer = Buffer.alloc(bytes);
    const n = await this.#ready('read', (cx) => this.stream.pollRead(cx, buffer, 0, bytes));
    return buffer.subarray(0, n);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#ready('write', (cx) => this.stream.pollWrite(cx, bytes, 0, bytes.byteLength, false));
  }

  flush(): Promise<number> {
    return this.#ready('write', (cx) => this.stream.pollFlush(cx));
  }

  shutdown(): Promise<number> {
    return this.#ready('write', (cx) => this.stream.pollShutdown(cx));
  }

  /** One write, as it comes: PENDING included. Who registers here is never woken. */
  tryWrite(bytes: Uint8Array): number {
    return this.stream.pollWrite(
      context('write', () => undefined),
      bytes,
      0,
      bytes.byteLength,
      false,
    );
  }

  async #ready(half: Half, poll: (cx: Context) => number): Promise<number> {
    for (;;) {
      let wake: () => void = () => undefined;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const n = poll(context(half, wake));
      if (n !== PENDING) {
        wake();
        return n;
      }
      await woken;
    }
  }
}

function context(half: Half, wake: () => void): Context {
  const direction: Direction = half === 'read' ? 'b -> a' : 'a -> b';
  return { direction, half, budget: null, register: () => ({ wake }) };
}
