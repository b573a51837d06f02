import type { Context, Waker } from '../poll/context.ts';
import type { CoopBudget } from '../poll/coop-budget.ts';
import type { Direction, Half } from '../poll/direction.ts';
import { Flag, Kind } from '../trace/event-kind.ts';
import type { Recorder } from '../trace/recorder.ts';

// Constants of this module, as in copy-buffer.ts: they are part of the compiled code.
const { REGISTER, WAKE, SOCKET } = Kind;
const { KIND_MASK } = Flag;

export interface HalfContextOptions {
  readonly direction: Direction;
  readonly half: Half;
  readonly budget: CoopBudget | null;
  readonly recorder: Recorder | null;
  readonly connection: number;
  readonly wake: () => void;
}

/** The context of one half of one direction. It is its own waker: registering allocates nothing. */
export class HalfContext implements Context, Waker {
  readonly direction: Direction;
  readonly half: Half;
  readonly budget: CoopBudget | null;
  readonly #recorder: Recorder | null;
  readonly #connection: number;
  readonly #flags: number;
  readonly #wake: () => void;

  constructor(options: HalfContextOptions) {
    this.direction = options.direction;
    this.half = options.half;
    this.budget = options.budget;
    this.#recorder = options.recorder;
    this.#connection = options.connection;
    this.#flags = (options.direction === 'a -> b' ? 0 : Flag.B_TO_A) | (options.half === 'read' ? 0 : Flag.WRITE_HALF);
    this.#wake = options.wake;
  }

  register(slot = 0): Waker {
    if (this.#recorder !== null) this.#recorder.event(REGISTER | this.#flags, this.#connection, 0, 0, slot, 0);
    return this;
  }

  note(head: number, n: number, offered: number): void {
    const recorder = this.#recorder;
    if (recorder === null) return;
    // What becomes of a socket comes between polls, most often after a long silence.
    if ((head & KIND_MASK) === SOCKET) recorder.stamp();
    recorder.event(head | this.#flags, this.#connection, 0, 0, n, offered);
  }

  wake(): void {
    if (this.#recorder !== null) this.#recorder.event(WAKE | this.#flags, this.#connection, 0, 0, 0, 0);
    this.#wake();
  }
}
