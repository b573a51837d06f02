import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context, Waker } from '../../../src/poll/context.ts';
import type { Direction, Half as HalfName } from '../../../src/poll/direction.ts';
import { PENDING } from '../../../src/poll/pending.ts';

/** A wake that has not come after so long will not come. */
const WAKE_TIMEOUT_MS = 5_000;

/** One half of one stream, polled by hand: again only when it was woken, and never in the turn of the wake. */
export class Half implements Context, Waker {
  readonly direction: Direction;
  readonly half: HalfName;
  readonly budget = null;
  wakes = 0;
  readonly #name: string;
  #onWake: (() => void) | null = null;

  constructor(name: string, direction: Direction, half: HalfName) {
    this.#name = name;
    this.direction = direction;
    this.half = half;
  }

  register(): Waker {
    return this;
  }

  wake(): void {
    this.wakes += 1;
    this.#onWake?.();
  }

  /**
   * Polls until there is a result. Fails if a PENDING is not followed by a wake. Every other PENDING is asked about once
   * more at once: a task may be polled for another's sake, and that must change nothing.
   */
  async until(poll: (cx: Context) => number): Promise<number> {
    for (let pendings = 1; ; pendings += 1) {
      const wakesBefore = this.wakes;
      let n = poll(this);
      if (n === PENDING && pendings % 2 === 1) n = poll(this);
      if (n !== PENDING) return n;
      await this.woken(wakesBefore);
    }
  }

  /** Resolves in a turn of the event loop after the first wake beyond `wakesBefore`. */
  async woken(wakesBefore: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`Contract broken: no wake for ${this.#name} within ${WAKE_TIMEOUT_MS} ms of its PENDING`));
      }, WAKE_TIMEOUT_MS);
      const done = (): void => {
        clearTimeout(timer);
        this.#onWake = null;
        resolve();
      };
      this.#onWake = done;
      if (this.wakes > wakesBefore) done();
    });
    await nextTurn();
  }

  /**
   * Polls until it has been PENDING for `turns` turns of the event loop without a wake; returns the sum of its results.
   * The number of turns bounds how hard it looks, not whether it is right: whoever is woken later has only done less.
   */
  async untilStuck(turns: number, poll: (cx: Context) => number): Promise<number> {
    for (let sum = 0; ;) {
      const wakesBefore = this.wakes;
      const n = poll(this);
      if (n !== PENDING) {
        sum += n;
        continue;
      }
      for (let turn = 0; turn < turns && this.wakes === wakesBefore; turn += 1) await nextTurn();
      if (this.wakes === wakesBefore) return sum;
    }
  }
}
