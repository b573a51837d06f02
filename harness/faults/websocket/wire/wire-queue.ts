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
  /** Of the first item that waits. To shift a long array moves all of it, and a torn flood of pings has a million. */
  #head = 0;
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
    return !this.#isBusy && !this.#isHeld && this.#head === this.#items.length;
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
    const item = this.#take();
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
    this.#clear();
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

  #take(): WireItem | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) this.#clear();
    else this.#head += 1;
    return item;
  }

  #clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  #joined(first: Buffer): Buffer {
    const all = [first];
    for (let next = this.#items[this.#head]; next?.kind === 'bytes'; next = this.#items[this.#head]) {
      all.push(next.bytes);
      this.#head += 1;
    }
    return all.length === 1 ? first : Buffer.concat(all);
  }
}
