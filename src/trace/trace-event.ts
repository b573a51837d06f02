import type { Direction, Half } from '../poll/direction.ts';
import type { EventKind, TransferStateName } from './event-kind.ts';
import type { ExtendedValue } from './extension.ts';

/** What a call returned: a count, Pending, a throw, or something that is no 32-bit integer, as it came. */
export type Outcome = number | 'pending' | 'failed' | ExtendedValue;

/**
 * One event of a trace, as a person or a program reads it. Names with an underscore are those of the printed trace
 * that this format descends from. Fields that a kind does not have are left out.
 */
export interface TraceEvent {
  readonly seq: number;
  readonly kind: EventKind;
  readonly connection: number;
  /** Coarse milliseconds since the trace began. */
  readonly tickMs: number;
  /** poll: milliseconds since the trace began, to the microsecond. */
  readonly timeMs?: number;
  readonly direction?: Direction;
  readonly half?: Half;
  readonly pos?: number | ExtendedValue;
  readonly cap?: number | ExtendedValue;
  /**
   * What the call returned; state: bytes counted so far; poll: its number; gap: how many records are missing; fault: the
   * number of the text that says which (`strings`); loop, if
   * it was printed by a patched program: the mark of the print, #1 … #4.
   */
  readonly n?: Outcome;
  /** What the call was offered: room of a read, bytes of a write. */
  readonly offered?: number | ExtendedValue;
  readonly read_done?: boolean;
  readonly need_flush?: boolean;
  readonly state?: TransferStateName;
  /** read, inner-read: the source handed over its chunk. */
  readonly chunk?: boolean;
  /** fault: its text, where a reader has looked it up. */
  readonly text?: string;
  /** How many more times this loop, or this poll with all its events, stood in the trace. */
  readonly repeat?: number;
  /** The tick of the last repeat. */
  readonly lastTickMs?: number;
}
