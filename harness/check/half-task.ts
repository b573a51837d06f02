import type { Context, Waker } from '../../src/poll/context.ts';
import type { Direction, Half } from '../../src/poll/direction.ts';

/** One half of a stream as a copy holds it: polled by hand, and knows whether its latest waker has been called since. */
export class HalfTask {
  readonly #direction: Direction;
  readonly #half: Half;
  #cx: TaskContext;

  constructor(direction: Direction, half: Half) {
    this.#direction = direction;
    this.#half = half;
    this.#cx = new TaskContext(direction, half);
  }

  /** To poll with. */
  get context(): Context {
    return this.#cx;
  }

  get isWoken(): boolean {
    return this.#cx.isWoken;
  }

  /** All that the half waits for is about to be polled: what has woken it is dealt with. */
  begin(): void {
    this.#cx.isWoken = false;
  }

  /** From the next poll on another task polls this half: wakers registered before reach nobody who cares. */
  renew(): void {
    this.#cx = new TaskContext(this.#direction, this.#half);
  }
}

/** It is its own waker, as the copy's contexts are. */
class TaskContext implements Context, Waker {
  readonly direction: Direction;
  readonly half: Half;
  readonly budget = null;
  isWoken = false;

  constructor(direction: Direction, half: Half) {
    this.direction = direction;
    this.half = half;
  }

  register(): Waker {
    return this;
  }

  wake(): void {
    this.isWoken = true;
  }
}
