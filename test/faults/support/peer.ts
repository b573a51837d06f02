import type { Clock } from '../../../src/poll/clock.ts';
import type { Context } from '../../../src/poll/context.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { WakeSlot } from '../../../src/streams/wake-slot.ts';

/** What a peer does next: says a text, or waits until it has got so many bytes in all, or for so long. */
export type Step = string | { readonly got: number } | { readonly afterMs: number };

export interface PeerOptions {
  readonly says: readonly Step[];
  /** Takes nothing before it has said all that it says. */
  readonly readsLast?: boolean;
}

/** A well-behaved end of a relay, which notes what reaches it. After its last step it ends. */
export class Peer implements PollStream {
  got = '';
  ended = false;
  readonly #steps: Step[];
  readonly #readsLast: boolean;
  #at = 0;
  /** Of the step that waits: whether its time has been asked for, or has come. */
  #timer: 'none' | 'running' | 'over' = 'none';
  readonly #clock: Clock;
  readonly #reader = new WakeSlot();
  readonly #writer = new WakeSlot();

  constructor({ says, readsLast = false }: PeerOptions, clock: Clock) {
    this.#clock = clock;
    this.#steps = [...says];
    this.#readsLast = readsLast;
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    while (this.#isOver(this.#steps[0])) this.#steps.shift();
    const [step] = this.#steps;
    if (step === undefined) return 0;
    if (typeof step !== 'string') return this.#reader.wait(cx);
    const text = Buffer.from(step).subarray(this.#at, this.#at + end - start);
    bytes.set(text, start);
    this.#at += text.length;
    if (this.#at === Buffer.byteLength(step)) {
      this.#steps.shift();
      this.#at = 0;
      if (this.#steps.length === 0) this.#writer.wake();
    }
    return text.length;
  }

  #isOver(step: Step | undefined): boolean {
    if (typeof step !== 'object') return false;
    if ('got' in step) return this.got.length >= step.got;
    if (this.#timer === 'none') {
      this.#timer = 'running';
      this.#clock.after(step.afterMs, () => {
        this.#timer = 'over';
        this.#reader.wake();
      });
    }
    return this.#timer === 'over';
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    if (this.ended) throw new Error('Written to after the end');
    if (this.#readsLast && this.#steps.length > 0) return this.#writer.wait(cx);
    this.got += Buffer.from(bytes.subarray(start, end)).toString('latin1');
    this.#reader.wake();
    return end - start;
  }

  pollFlush(): number {
    return 0;
  }

  pollShutdown(): number {
    this.ended = true;
    return 0;
  }
}
