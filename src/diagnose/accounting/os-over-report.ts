import { Kind, SocketState } from '../../trace/event-kind.ts';
import type { ConnectionDetector, Detector, Reporter } from '../detector.ts';
import type { SeenEvent } from '../seen-event.ts';

/**
 * The system call itself reports more than it was given, as filters of a VPN or a virus scanner in the kernel have done, and the
 * adapter of the socket believes it. Told from an adapter that adds to a right count by the call beneath; and from an adapter over
 * another adapter by its word that what lies beneath is a socket of the system.
 */
export const osOverReport: Detector = {
  classes: ['os-over-report'],
  kinds: [Kind.INNER_WRITE, Kind.WRITE, Kind.SOCKET],
  open: (_picture, report) => new OsOverReport(report),
};

interface Lie {
  readonly seq: number;
  readonly offered: number;
  readonly reported: number;
}

class OsOverReport implements ConnectionDetector {
  readonly #report: Reporter;
  readonly #isSocket: [boolean, boolean] = [false, false];
  /** Of the write under way. */
  readonly #lies: [Lie | null, Lie | null] = [null, null];

  constructor(report: Reporter) {
    this.#report = report;
  }

  onEvent(event: SeenEvent): void {
    const index = event.isDown ? 1 : 0;
    if (event.kind === Kind.SOCKET) {
      if (event.half === 'write' && event.n === SocketState.CONNECTED) this.#isSocket[index] = true;
      return;
    }
    if (!this.#isSocket[index]) return;
    if (event.kind === Kind.INNER_WRITE) {
      const { seq, n: reported, offered, hasFailed } = event;
      if (reported > offered && !hasFailed) this.#lies[index] = { seq, offered, reported };
      return;
    }
    const lie = this.#lies[index];
    this.#lies[index] = null;
    // An adapter that does not believe it keeps the copy out of it.
    if (lie !== null && event.n > event.offered) this.#report(reportOf(lie, event));
  }
}

function reportOf({ seq, offered, reported }: Lie, event: SeenEvent): Parameters<Reporter>[0] {
  const more = reported - offered;
  return {
    class: 'os-over-report',
    direction: event.direction,
    half: 'write',
    seq,
    events: [event.seq],
    numbers: { offered, reported, more, passedOn: event.n },
    meaning: `The system call that writes was given ${offered} bytes and reported ${reported}, ${more} more, and the adapter passed that on: something between the program and the network has changed the count`,
  };
}
