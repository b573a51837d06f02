import type { Clock } from '../../../../src/poll/clock.ts';

/** Where the bytes of a direction go at last. */
export interface WireTarget {
  /** Calls `done` once more may come. */
  write(bytes: Buffer, done: () => void): void;
  end(done: () => void): void;
  reset(): void;
}

type WireItem =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'turn' }
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset' };

/**
 * What waits to be written in one direction, in order. Bytes that come together are written together, unless something
 * stands between them. Its length is bounded by who fills it: nothing is asked for while it is not idle.
 */
export class WireQueue {
  readonly #target: WireTarget;
  readonly #clock: Clock;
  #items: WireItem[] = [];
  #isBusy = false;
  #isClosed = false;
  #isHeld = false;
  #cancelWait: () => void = () => undefined;
  #whenIdle: (() => void)[] = [];

  constructor(target: WireTarget, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  /** Takes an item; `pump` sends it. After an end or a reset, nothing. */
  push(item: WireItem): void {
    if (this.#isClosed) return;
    this.#items.push(item);
    this.#isClosed = item.kind === 'end' || item.kind === 'reset';
  }

  get isIdle(): boolean {
    return !this.#isBusy && !this.#isHeld && this.#items.length === 0;
  }

  /** Not idle until `pump` is called: something is about to come. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Calls back at once if it is idle, else when it is next. */
  whenIdle(callback: () => void): void {
    if (this.isIdle) callback();
    else this.#whenIdle.push(callback);
  }

  pump(): void {
    this.#isHeld = false;
    if (this.#isBusy) return;
    const item = this.#items.shift();
    if (item === undefined) {
      const callbacks = this.#whenIdle;
      this.#whenIdle = [];
      for (const callback of callbacks) callback();
      return;
    }
    this.#isBusy = true;
    this.#send(item);
  }

  /** Gives up what waits. */
  stop(): void {
    this.#isClosed = true;
    this.#items = [];
    this.#whenIdle = [];
    this.#cancelWait();
  }

  #send(item: WireItem): void {
    switch (item.kind) {
      case 'bytes':
        this.#target.write(this.#joined(item.bytes), this.#next);
        break;
      case 'turn':
        setImmediate(this.#next);
        break;
      case 'wait':
        this.#cancelWait = this.#clock.after(item.delayMs, this.#next);
        break;
      case 'end':
        this.#target.end(this.#next);
        break;
      case 'reset':
        this.#target.reset();
        break;
    }
  }

  readonly #next = (): void => {
    this.#isBusy = false;
    this.pump();
  };

  #joined(first: Buffer): Buffer {
    const more = this.#items.findIndex((item) => item.kind !== 'bytes');
    const following = this.#items.splice(0, more === -1 ? this.#items.length : more);
    if (following.length === 0) return first;
    return Buffer.concat([first, ...following.map((item) => (item.kind === 'bytes' ? item.bytes : Buffer.alloc(0)))]);
  }
}
