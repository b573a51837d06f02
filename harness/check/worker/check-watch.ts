import type { MessagePort } from 'node:worker_threads';
import { RelayscopeError } from '../../../src/errors.ts';
import { systemClock, type Clock } from '../../../src/poll/clock.ts';
import type { StackNote, Verdict } from '../../../src/trace/trace-note.ts';
import type { InnerKind } from '../check-options.ts';
import type { StreamCase } from '../stream-case.ts';
import type { CheckMessage, PlainReport } from './check-job.ts';

/** How far a check has come. */
export interface CheckBegun {
  /** Null: the module was still being loaded. */
  readonly inner: InnerKind | null;
  readonly own: Readonly<Record<string, unknown>> | null;
  /** The case that was under way. */
  readonly case: StreamCase | null;
}

export type CheckEnd =
  | { readonly kind: 'done'; readonly report: PlainReport }
  /** It does not go on; `stack`: where it stands, with the locals, if it is a loop. */
  | { readonly kind: 'stuck'; readonly message: string; readonly stack: StackNote | null }
  /** An exception that nobody could catch has ended it. */
  | { readonly kind: 'crashed'; readonly message: string }
  /** By the signal. */
  | { readonly kind: 'stopped' };

export interface CheckWatchOptions {
  /** So long without letting the event loop turn is stuck. */
  readonly timeoutMs: number;
  /** A case more has begun; `count` of them in all. */
  readonly onCase: (count: number) => void;
  /** The time of the thread: ownTime. */
  readonly ownMs: () => number;
  readonly clock?: Clock;
}

/** A case waits for ever if it takes so many times what a loop may take: timers of a stream are honest work. To load takes as long. */
const WAITS = 5;

/** What a check tells of itself, and whether it goes on telling. */
export class CheckWatch {
  begun: CheckBegun = { inner: null, own: null, case: null };
  /** Since when, in the watch's time, its event loop has not turned, as far as is known; null: it does. */
  frozenSinceMs: number | null = null;
  /** Rejects with what the check is refused with. */
  readonly end: Promise<CheckEnd>;
  readonly #told: Pick<MessagePort, 'close'>;
  readonly #options: CheckWatchOptions;
  readonly #settled = Promise.withResolvers<CheckEnd>();
  #count = 0;
  #cancel: () => void = () => undefined;

  constructor(told: MessagePort, options: CheckWatchOptions) {
    this.#told = told;
    this.#options = options;
    this.end = this.#settled.promise;
    told.on('message', (message: CheckMessage) => {
      this.#hear(message);
    });
    this.goesOn();
  }

  /** The event loop turns: it may wait, for so long. */
  goesOn(): void {
    this.frozenSinceMs = null;
    const waitsMs = WAITS * this.#options.timeoutMs;
    const what = this.begun.inner === null ? 'The module was not loaded' : 'The case has not come to its end';
    this.#stuckAfter(waitsMs, `${what} within ${waitsMs} ms`);
  }

  /** The event loop does not turn. In whatever functions it is seen: a case that takes so long is no work. */
  isFrozen({ outcome, message, atMs, silentMs = 0 }: Verdict): void {
    this.frozenSinceMs = atMs - silentMs;
    if (outcome === 'spinning') {
      this.#settled.resolve({ kind: 'stuck', message, stack: null });
      return;
    }
    // While it is loaded, it still has the time that it had.
    if (this.begun.inner !== null) this.#stuckAfter(Math.max(0, this.#options.timeoutMs - silentMs), message);
  }

  close(): void {
    this.#cancel();
    this.#told.close();
  }

  #stuckAfter(ms: number, message: string): void {
    this.#cancel();
    const { ownMs, clock = systemClock } = this.#options;
    const endMs = ownMs() + ms;
    const look = (): void => {
      const leftMs = endMs - ownMs();
      if (leftMs > 0) this.#cancel = clock.after(leftMs, look);
      else this.#settled.resolve({ kind: 'stuck', message, stack: null });
    };
    this.#cancel = clock.after(ms, look);
  }

  #hear(message: CheckMessage): void {
    this.goesOn();
    switch (message.kind) {
      case 'begun':
        this.begun = { ...this.begun, inner: message.inner, own: message.own };
        this.goesOn();
        break;
      case 'case':
        this.#count += 1;
        this.begun = { ...this.begun, case: message.case };
        this.#options.onCase(this.#count);
        break;
      case 'done':
        this.#settled.resolve({ kind: 'done', report: message.report });
        break;
      case 'failed':
        this.#settled.reject(new RelayscopeError(message.code, message.message));
        break;
    }
  }
}
