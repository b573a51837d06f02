import type { Clock } from '../../src/poll/clock.ts';

/** What a poller reports of a descriptor, as bits: those of `epoll_ctl(2)`. */
export const PollEvent = { IN: 0x1, OUT: 0x4, ERR: 0x8, HUP: 0x10 } as const;
/** Reported whether they were asked for or not. */
const ALWAYS = PollEvent.ERR | PollEvent.HUP;

/**
 * A model of a level-triggered poller with one descriptor: who waits is told in the next turn of the event loop for as long as
 * something is so, however often it was told before. A hang-up is so for ever, and cannot be masked out.
 */
export class LevelPoller {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, { readonly tell: () => void; cancel: () => void }>();
  #is = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether any of these is so now. */
  is(events: number): boolean {
    return (this.#is & events) !== 0;
  }

  raise(events: number): void {
    this.#is |= events;
    for (const interest of this.#waiting.keys()) this.#look(interest);
  }

  /** Waits for one of these events; whoever waited for the same ones before waits no more. */
  wait(interest: number, tell: () => void): void {
    this.#waiting.get(interest)?.cancel();
    this.#waiting.set(interest, { tell, cancel: () => undefined });
    this.#look(interest);
  }

  /** The descriptor is closed: nobody is told anything any more. */
  close(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #look(interest: number): void {
    const waiter = this.#waiting.get(interest);
    if (waiter === undefined || !this.is(interest | ALWAYS)) return;
    waiter.cancel();
    waiter.cancel = this.#clock.after(0, () => {
      this.#waiting.delete(interest);
      waiter.tell();
    });
  }
}
