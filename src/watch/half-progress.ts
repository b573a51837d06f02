import { PENDING } from '../poll/pending.ts';

/** One half of one direction, as far as its records tell. */
export class HalfProgress {
  /** Its latest call returned Pending. */
  waits = false;
  /** It holds a waker that has not been called since. */
  isRegistered = false;
  /** The poll, counted within its connection, that called it last. */
  calledInPoll = -1;
  /** What its latest call returned, for a person: `3`, `pending`. */
  latest = 'nothing yet';

  called(n: number, poll: number): void {
    this.waits = n === PENDING;
    this.calledInPoll = poll;
    this.latest = n === PENDING ? 'pending' : String(n);
  }
}
