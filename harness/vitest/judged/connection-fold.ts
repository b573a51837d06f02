import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import type { Direction, Half } from '../../../src/poll/direction.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { ConnectionNote } from '../../../src/trace/trace-note.ts';

/** One half of one direction. */
interface FoldedHalf {
  waits: boolean;
  isRegistered: boolean;
}

interface WaitingFold {
  readonly direction: Direction;
  readonly half: Half;
  readonly isRegistered: boolean;
}

interface FoldedDirection {
  bytes: number;
  isDone: boolean;
  hasFailed: boolean;
  readonly read: FoldedHalf;
  readonly write: FoldedHalf;
}

const newDirection = (): FoldedDirection => ({
  bytes: 0,
  isDone: false,
  hasFailed: false,
  read: { waits: false, isRegistered: false },
  write: { waits: false, isRegistered: false },
});

/** What the events of one connection come to. */
export class ConnectionFold {
  readonly connection: number;
  /** What is said of it by name, the latest. */
  note: ConnectionNote | null = null;
  /** Its latest event is a loop that repeats itself. */
  loopsIn: Direction | null = null;
  readonly #directions: Readonly<Record<Direction, FoldedDirection>> = {
    'a -> b': newDirection(),
    'b -> a': newDirection(),
  };

  constructor(connection: number) {
    this.connection = connection;
  }

  get isDone(): boolean {
    return this.#directions['a -> b'].isDone && this.#directions['b -> a'].isDone;
  }

  /** The direction in which a call threw. */
  get failedIn(): Direction | null {
    return this.#all().find(([, one]) => one.hasFailed)?.[0] ?? null;
  }

  get counts(): CopyCounts {
    return { aToB: this.#directions['a -> b'].bytes, bToA: this.#directions['b -> a'].bytes };
  }

  /** A half that returned Pending, and that nobody has a waker of. */
  get forgotten(): WaitingFold | null {
    return this.#waiting().find(({ isRegistered }) => !isRegistered) ?? null;
  }

  /** `a -> b waits for a to send, and nobody will wake it`, for each that waits. */
  waits(): string[] {
    return this.#waiting().map(({ direction, half, isRegistered }) => {
      const [from, to] = direction === 'a -> b' ? ['a', 'b'] : ['b', 'a'];
      const whom = half === 'write' ? `${to} to take more` : `${from} to send`;
      return `${direction} waits for ${whom}${isRegistered ? '' : ', and nobody will wake it'}`;
    });
  }

  event(event: TraceEvent): void {
    const { kind, direction = 'a -> b', half = 'read', n, repeat = 0 } = event;
    const one = this.#directions[direction];
    this.loopsIn = kind === 'loop' && repeat > 0 ? direction : null;
    if (kind === 'read') this.#called(one, one.read, n);
    else if (kind === 'write' || kind === 'flush' || kind === 'shutdown') this.#called(one, one.write, n);
    else if (kind === 'register') one[half].isRegistered = true;
    else if (kind === 'state') one.isDone = event.state === 'done';
    else if (kind === 'wake') {
      // The poll that it leads to is still to come.
      one[half].waits = false;
      one[half].isRegistered = false;
    }
    if (typeof n !== 'number') return;
    if (kind === 'write' && n > 0) one.bytes += n;
    else if (kind === 'state') one.bytes = n;
  }

  #called(one: FoldedDirection, half: FoldedHalf, n: TraceEvent['n']): void {
    half.waits = n === 'pending';
    if (n === 'failed') one.hasFailed = true;
  }

  #waiting(): WaitingFold[] {
    const waiting: WaitingFold[] = [];
    for (const [direction, { isDone, read, write }] of this.#all()) {
      // Who waits to write has read what it waits with.
      const half = write.waits ? 'write' : 'read';
      const { waits, isRegistered } = write.waits ? write : read;
      if (!isDone && waits) waiting.push({ direction, half, isRegistered });
    }
    return waiting;
  }

  #all(): readonly (readonly [Direction, FoldedDirection])[] {
    return [
      ['a -> b', this.#directions['a -> b']],
      ['b -> a', this.#directions['b -> a']],
    ];
  }
}
