import type { Direction, Half } from '../poll/direction.ts';

/**
 * What a trace holds beside its events. On disk each is a chunk of its own with a JSON body, in NDJSON a line; fields
 * that a newer writer has added are kept.
 */

/** What was recorded, and by whom. The first chunk of a trace. */
export interface TraceAbout {
  /** Who wrote it: `relayscope 0.1.0`, or the name of a program in another language. */
  readonly writer?: string;
  /** What was run, for a person. */
  readonly title?: string;
  readonly dialect?: string;
  /** What the copies were set to where that is not the default, as the `options` of a scenario. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** When the trace began (its tick 0), ISO 8601 in UTC. */
  readonly startedAt?: string;
  /** The same as milliseconds since 1970, with a fraction. */
  readonly startedAtMs?: number;
  readonly pid?: number;
  /** Version of Node, or of another runtime. */
  readonly runtime?: string;
  readonly platform?: string;
}

/** A connection of the trace by name; may come again when more is known. */
export interface ConnectionNote {
  /** As in the events: from 1. */
  readonly connection: number;
  /** What its two ends are, for a person: `127.0.0.1:40012`. */
  readonly a?: string;
  readonly b?: string;
  /**
   * What its events show. `calls`: the calls of its streams and their answers, from wrappers around them, and nothing of
   * the copy itself. `streams`: what went in and out of streams that push (node:stream, WebSocket). Absent: everything.
   */
  readonly sight?: 'calls' | 'streams';
  /** Milliseconds since the trace began. */
  readonly openedMs?: number;
  readonly closedMs?: number;
  /** How it ended, if it has: a code of docs/errors.md, or `completed`. */
  readonly end?: string;
  /** The same for a person, with what each side saw. */
  readonly message?: string;
}

/** One call on a stack, innermost first. */
export interface StackFrame {
  /** As the runtime names it: `pollCopy`, `CopyBuffer.#loop`; `(anonymous)` where it has no name. */
  readonly function: string;
  /** A file: URL, a `node:` module, or what the runtime has. */
  readonly url: string;
  /** From 1, both. */
  readonly line: number;
  readonly column: number;
  /** Local variables, then properties of `this` as `this.pos`: name and value as short text. */
  readonly locals: readonly { readonly name: string; readonly value: string }[];
}

/** The stack of a thread that stood still, or went round, when it was taken. */
export interface StackNote {
  /** `main`, or `worker 3`. */
  readonly thread: string;
  /** Milliseconds since the trace began. */
  readonly atMs: number;
  readonly frames: readonly StackFrame[];
  /** Frames left out for length. */
  readonly omitted?: number;
}

/** What one socket of the program had done, and is waiting for, when asked. */
export interface SocketNote {
  readonly local?: string;
  readonly remote?: string;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Bytes that wait in the program: read and not taken, written and not sent. */
  readonly readable: number;
  readonly writable: number;
  /** In words: `paused`, `waits for its peer to read`, `ended`, `connecting`. */
  readonly state: string;
}

export interface SocketsNote {
  readonly atMs: number;
  readonly sockets: readonly SocketNote[];
  /** Sockets left out for number. */
  readonly omitted?: number;
}

export const VERDICT_OUTCOMES = [
  /** Ended as it should. */
  'completed',
  /** Ended with an error. */
  'failed',
  /** A loop that never returns to the event loop, and moves nothing. */
  'spinning',
  /** Polls or I/O, through the event loop or not, and no byte moves. */
  'livelocked',
  /** Waits, and nothing will wake it. */
  'parked',
  /** Waits for its peers, for a timer or for its user: no hang that could be seen. */
  'waiting',
  /** Only one direction moves. */
  'starved',
  /** The thread stands in a system call. */
  'blocked',
  /** The thread works, outside any copy: no hang so far. */
  'busy',
  /** The thread turns again after a verdict. */
  'recovered',
  /** A limit was reached, or the trace ended, while bytes still moved. */
  'unfinished',
] as const;
export type VerdictOutcome = (typeof VERDICT_OUTCOMES)[number];

/** What became of a program or a copy, as seen by whoever watched it. */
export interface Verdict {
  readonly outcome: VerdictOutcome;
  /** One plain sentence with the numbers. */
  readonly message: string;
  /** Milliseconds since the trace began. */
  readonly atMs: number;
  /** Since the last sign of life, or the last byte, in milliseconds. */
  readonly silentMs?: number;
  /** spinning, livelocked: what it goes round in. */
  readonly loop?: 'synchronous' | 'microtask' | 'event-loop';
  /** Whether a copy is what is stuck, or something else in the program. */
  readonly where?: 'copy' | 'outside';
  readonly connection?: number;
  readonly direction?: Direction;
  readonly half?: Half;
  /** Share of one processor that the thread used meanwhile, 0 … 1. */
  readonly cpu?: number;
  /** How often the loop went round while it was watched; by the recorder. */
  readonly rounds?: number;
}

/** Why the trace ends here; without it the writer was killed, or still writes. */
export interface EndNote {
  readonly reason: 'closed' | 'limit' | 'signal' | 'exit' | 'error';
  readonly atMs: number;
  readonly message?: string;
}

/** Bytes that went through, recorded only on request. */
export interface Payload {
  readonly connection: number;
  readonly direction: Direction;
  /** Of the first byte, in its direction. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** The bytes are not those that went through, but the same number of stand-ins. */
  readonly redacted: boolean;
}
