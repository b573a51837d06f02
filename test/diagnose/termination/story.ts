import type { Detector, Ending } from '../../../src/diagnose/detector.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { Direction, Half } from '../../../src/poll/direction.ts';
import {
  SOCKET_STATES,
  type EventKind,
  type SocketStateName,
  type TransferStateName,
} from '../../../src/trace/event-kind.ts';
import type { Outcome, TraceEvent } from '../../../src/trace/trace-event.ts';
import type { ConnectionNote } from '../../../src/trace/trace-note.ts';

interface Place {
  read_done: boolean;
  state: TransferStateName;
}

/** A trace told event by event, for the edges of a detector that no run comes to by itself. */
export class Story {
  readonly #events: TraceEvent[] = [];
  readonly #places: Record<Direction, Place> = {
    'a -> b': { read_done: false, state: 'running' },
    'b -> a': { read_done: false, state: 'running' },
  };
  #seq = 0;
  #tickMs = 0;

  at(tickMs: number): this {
    this.#tickMs = tickMs;
    return this;
  }

  /** So many records are missing from here on. */
  gap(records: number): this {
    this.#seq += records;
    return this;
  }

  poll(): this {
    return this.#add({ kind: 'poll', n: 1 });
  }

  read(direction: Direction, n: Outcome): this {
    this.#call('read', direction, n, 8192);
    if (n === 0) this.#places[direction].read_done = true;
    return this;
  }

  /** A read that waits, and can be woken. */
  waits(direction: Direction): this {
    return this.note('register', direction, 'read', 1).read(direction, 'pending');
  }

  write(direction: Direction, offered: number, n: Outcome = offered): this {
    return this.#call('write', direction, n, offered);
  }

  flush(direction: Direction, n: Outcome = 0): this {
    return this.#call('flush', direction, n, 0);
  }

  shutdown(direction: Direction, n: Outcome = 0): this {
    return this.#call('shutdown', direction, n, 0);
  }

  state(direction: Direction, state: TransferStateName): this {
    this.#places[direction].state = state;
    return this.#call('state', direction, 0, 0);
  }

  /** Everything from the end of the reader to the end of the writer. */
  ends(direction: Direction): this {
    return this.read(direction, 0)
      .flush(direction)
      .state(direction, 'shutting-down')
      .shutdown(direction)
      .state(direction, 'done');
  }

  note(kind: EventKind, direction: Direction, half: Half, n: Outcome, offered = 0): this {
    return this.#add({ kind, direction, half, n, offered });
  }

  socket(direction: Direction, half: Half, state: SocketStateName, bytes = 0): this {
    return this.note('socket', direction, half, SOCKET_STATES.indexOf(state), bytes);
  }

  findings(detector: Detector, ending: Partial<Ending> = {}, about: Partial<ConnectionNote> = {}): Finding[] {
    const diagnosis = new Diagnosis({ detectors: [detector] });
    diagnosis.item({ kind: 'connection', note: { connection: 1, ...about } });
    for (const event of this.#events) diagnosis.event(event);
    diagnosis.end({ atMs: this.#tickMs, ...ending });
    return diagnosis.findings();
  }

  #call(kind: EventKind, direction: Direction, n: Outcome, offered: number): this {
    const isWrite = kind === 'write';
    return this.#add({
      kind,
      direction,
      pos: 0,
      cap: isWrite ? offered : 0,
      n,
      offered,
      need_flush: false,
      ...this.#places[direction],
    });
  }

  #add(event: Omit<TraceEvent, 'seq' | 'connection' | 'tickMs'>): this {
    this.#events.push({ seq: this.#seq, connection: 1, tickMs: this.#tickMs, ...event });
    this.#seq += 1;
    return this;
  }
}

export function namesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ class: name, direction, confidence }) => `${name} (${direction}), ${confidence}`);
}
