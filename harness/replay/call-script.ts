import type { SideEntry } from '../scenario/scenario.ts';

/** More than any run gives: who waits for that waits for ever. */
export const NEVER_BYTES = 0x3fffffff;

/** A run of Pending answers of one call, until it is known what became of it. */
interface Waiting {
  /** How often the call has answered so. */
  times: number;
  readonly isRegistered: boolean;
  readonly fromMs: number;
  /** When its side got the latest bytes, if it got any since. */
  receivedMs: number | null;
}

/**
 * One kind of call of one side, as the entries that make a scripted stream answer as recorded. `received` is what the side had got
 * in all when a call was made.
 */
export class CallScript {
  readonly entries: SideEntry[] = [];
  readonly #isRead: boolean;
  #waiting: Waiting | null = null;
  /** What a read waits for already. */
  #gate = 0;
  #received = 0;

  constructor(isRead: boolean) {
    this.#isRead = isRead;
  }

  /** Its side has got bytes: a wake that comes may be the answer to them. */
  got(received: number, atMs: number): void {
    this.#received = received;
    if (this.#waiting !== null) this.#waiting.receivedMs = atMs;
  }

  /** Pending. @param isWoken within the call itself. */
  pending(atMs: number, isRegistered: boolean, isWoken: boolean): void {
    if (isWoken) {
      this.#silent();
      this.#wait();
      this.entries.push('p');
    } else if (this.#waiting !== null) this.#waiting.times += 1;
    else {
      this.#wait();
      this.#waiting = { times: 1, isRegistered, fromMs: atMs, receivedMs: null };
    }
  }

  /** Its half was woken. @param isWithinWrite by the bytes that its side was just given. Returns whether it waited. */
  woken(atMs: number, isWithinWrite: boolean): boolean {
    const waiting = this.#waiting;
    if (waiting === null) return false;
    this.#waiting = null;
    const { fromMs, receivedMs } = waiting;
    if (receivedMs === null || !this.#isRead) this.entries.push({ waitMs: between(fromMs, atMs) });
    else {
      this.#gate = this.#received;
      this.entries.push({
        received: this.#received,
        ...(isWithinWrite ? {} : { waitMs: between(receivedMs, atMs) }),
      });
    }
    return true;
  }

  /** It has answered. */
  answer(entry: SideEntry, atMs: number): void {
    // Nobody woke it, and it was asked again: whether somebody would have is told by whether somebody could.
    if (this.#waiting?.isRegistered === true) this.woken(atMs, false);
    else this.#silent();
    this.#wait();
    this.entries.push(entry);
  }

  /** The record ends here. @param isOver whether nothing more is to come of this call. */
  end(isOver: boolean): void {
    if (this.#waiting !== null && !this.#waiting.isRegistered) this.#silent();
    const isWaiting = this.#waiting !== null;
    this.#waiting = null;
    if (isWaiting || (this.#isRead && !isOver)) this.entries.push({ received: NEVER_BYTES });
  }

  #silent(): void {
    for (let times = this.#waiting?.times ?? 0; times > 0; times -= 1) this.entries.push('x');
    this.#waiting = null;
  }

  /** What a side says after it has got something is taken for an answer to it. */
  #wait(): void {
    if (!this.#isRead || this.#received === this.#gate) return;
    this.#gate = this.#received;
    this.entries.push({ received: this.#received });
  }
}

function between(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) * 1000) / 1000);
}
