import type { Context, Waker } from '../../../src/poll/context.ts';
import type { CoopBudget } from '../../../src/poll/coop-budget.ts';
import type { Direction, Half } from '../../../src/poll/direction.ts';
import { invariant } from '../../../src/errors.ts';

/** What stands between a stream and whom it wakes. One for each half; it is its own waker, as the copy's contexts are. */
export class WakerContext implements Context, Waker {
  readonly #onWake: (waker: Waker) => void;
  readonly #slot: number | undefined;
  #around: Context | null = null;
  #waker: Waker | null = null;

  /**
   * @param onWake gets each wake, and the waker that it was meant for.
   * @param slot in which it registers, whatever the stream beneath says. Default: as that says.
   */
  constructor(onWake: (waker: Waker) => void, slot?: number) {
    this.#onWake = onWake;
    this.#slot = slot;
  }

  /** Itself, around the context of the call that is about to be passed on. */
  around(cx: Context): this {
    this.#around = cx;
    return this;
  }

  get direction(): Direction {
    return this.#context.direction;
  }

  get half(): Half {
    return this.#context.half;
  }

  get budget(): CoopBudget | null {
    return this.#context.budget;
  }

  /** Whether somebody has been registered who can still be woken. */
  get isRegistered(): boolean {
    return this.#waker !== null;
  }

  register(slot = 0): Waker {
    this.#waker = this.#context.register(this.#slot ?? slot);
    return this;
  }

  note(head: number, n: number, offered: number): void {
    this.#around?.note?.(head, n, offered);
  }

  /** Pushes out who is registered: a wake reaches nobody until the next registration. */
  forget(): void {
    this.#waker = null;
  }

  wake(): void {
    if (this.#waker !== null) this.#onWake(this.#waker);
  }

  /** Wakes who is registered, past `onWake`. */
  rouse(): void {
    this.#waker?.wake();
  }

  get #context(): Context {
    invariant(this.#around !== null, 'A waker context is used only from within a call');
    return this.#around;
  }
}
