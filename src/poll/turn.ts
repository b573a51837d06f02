const NOTHING = (): void => undefined;

/** Callbacks in the order in which they were asked for. Its places are used again, so that a turn allocates nothing. */
class CallbackQueue {
  readonly #callbacks: (() => void)[] = [];
  #first = 0;
  #count = 0;

  get isEmpty(): boolean {
    return this.#first === this.#count;
  }

  push(callback: () => void): void {
    this.#callbacks[this.#count] = callback;
    this.#count += 1;
  }

  /** Calls those that are there by now and those that come meanwhile. If one throws, the rest are still there. */
  run(): void {
    while (this.#first < this.#count) {
      const callback = this.#callbacks[this.#first] ?? NOTHING;
      this.#callbacks[this.#first] = NOTHING;
      this.#first += 1;
      callback();
    }
    this.#first = 0;
    this.#count = 0;
  }
}

/**
 * What is to be done when the events that one turn of the event loop brought have been handled: first the polls, then
 * the flushes of what they wrote. One immediate serves all of them: with many connections, an immediate for each would
 * cost more than the poll. The queues need no bound of their own: each task and each writer is in them once.
 */
let polls = new CallbackQueue();
let otherPolls = new CallbackQueue();
const flushes = new CallbackQueue();
let isScheduled = false;
/** Taken now: fake timers that came later, and swallowed one call, would stop every copy for good. */
const later = setImmediate;

/** Calls `poll` once after this turn's events. From inside a poll or a flush: after those of the next turn. */
export function pollAfterTurn(poll: () => void): void {
  polls.push(poll);
  schedule();
}

/** Calls `flush` once after the polls that are due or under way. */
export function flushAfterPolls(flush: () => void): void {
  flushes.push(flush);
  schedule();
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  later(run);
}

function run(): void {
  // What a poll asks for while these run goes into the other queue, and so after the next turn. What a poll that threw
  // has left over comes first then.
  if (otherPolls.isEmpty) {
    const due = polls;
    polls = otherPolls;
    otherPolls = due;
  }
  try {
    otherPolls.run();
    flushes.run();
  } finally {
    isScheduled = false;
    if (!(polls.isEmpty && otherPolls.isEmpty && flushes.isEmpty)) schedule();
  }
}
