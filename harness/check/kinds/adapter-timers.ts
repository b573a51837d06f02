import { createHook, type AsyncHook } from 'node:async_hooks';
import { sleep, systemClock } from '../../../src/poll/clock.ts';
import { holdProcess } from '../hold-process.ts';

/** A timer of Node's, as far as it is looked at. */
interface TimeoutResource {
  /** Milliseconds. */
  readonly _idleTimeout?: number;
}

/**
 * The timers that were set since a case began and may still go off: the stream's own. Where there are none, the event
 * loop has only to turn until all is quiet; where there are, what has not come yet may still come.
 */
export class AdapterTimers {
  /** How long was waited by now. */
  waitedMs = 0;
  readonly #timers = new Map<number, TimeoutResource>();
  readonly #hook: AsyncHook;
  readonly #patienceMs: number;

  /** @param patienceMs the longest time that is waited in all; a timer of more is not waited for. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
    this.#hook = createHook({
      init: (id, type, _trigger, resource) => {
        if (type === 'Timeout') this.#timers.set(id, resource);
      },
      destroy: (id) => {
        this.#timers.delete(id);
      },
    }).enable();
  }

  /** Waits for the next of them. False: there is none whose time is waited for. */
  async next(): Promise<boolean> {
    const delays = [...this.#timers.values()].map(({ _idleTimeout = 0 }) => _idleTimeout);
    const ms = Math.min(...delays.filter((ms) => ms > 0));
    if (this.waitedMs + ms > this.#patienceMs) return false;
    this.waitedMs += ms;
    await sleepHeld(ms);
    return true;
  }

  stop(): void {
    this.#hook.disable();
  }
}

/** Nothing else may keep the process alive. */
async function sleepHeld(ms: number): Promise<void> {
  const release = holdProcess();
  await sleep(ms, systemClock);
  release();
}
