import { InvariantError } from '../errors.ts';
import { PENDING } from '../poll/pending.ts';
import { Flag, Kind } from '../trace/event-kind.ts';
import { CopyBuffer } from './copy-buffer.ts';
import { resultInvalid, streamFailed } from './copy-failures.ts';
import type { Endpoints } from './endpoints.ts';

/** Where one direction stands. The buffer's bytes are counted for good once it leaves `running`. */
export type TransferState =
  | { readonly kind: 'running' }
  | { readonly kind: 'shutting-down'; readonly amt: number }
  | { readonly kind: 'done'; readonly amt: number };

const SHUTTING_DOWN = 1 << Flag.STATE_SHIFT;
const DONE = 2 << Flag.STATE_SHIFT;

/** One direction: copies up to the end of the stream, then shuts the writer down. */
export class Transfer {
  readonly #ends: Endpoints;
  readonly #buffer: CopyBuffer;
  /** The state in two fields, put together when somebody asks: a record for each transition is garbage in every copy. */
  #kind: TransferState['kind'] = 'running';
  #counted = 0;

  constructor(ends: Endpoints, bufferBytes: number) {
    this.#ends = ends;
    this.#buffer = new CopyBuffer(ends, bufferBytes);
  }

  reset(clear: boolean): void {
    this.#kind = 'running';
    this.#counted = 0;
    this.#buffer.reset(clear);
  }

  get state(): TransferState {
    return this.#kind === 'running' ? { kind: 'running' } : { kind: this.#kind, amt: this.#counted };
  }

  /** Bytes that the writer has reported so far. */
  get amt(): number {
    return this.#buffer.amt;
  }

  /** PENDING, or 0 when this direction is done; then it does no I/O any more. */
  poll(): number {
    for (;;) {
      switch (this.#kind) {
        case 'running':
          if (this.#buffer.pollCopy() === PENDING) return PENDING;
          this.#counted = this.#buffer.amt;
          this.#become('shutting-down');
          break;
        case 'shutting-down':
          if (this.#shutdown() === PENDING) return PENDING;
          this.#become('done');
          break;
        case 'done':
          return 0;
      }
    }
  }

  #shutdown(): number {
    const { direction, writer, writeContext, dialect } = this.#ends;
    let result: number;
    try {
      result = writer.pollShutdown(writeContext);
    } catch (cause) {
      if (cause instanceof InvariantError) throw cause;
      this.#record(Kind.SHUTDOWN | Flag.FAILED, 0);
      throw streamFailed(direction, 'shutdown', cause);
    }
    this.#record(Kind.SHUTDOWN, result);
    if (dialect.checksCounts && result !== 0 && result !== PENDING) throw resultInvalid(direction, 'shutdown', result);
    return result;
  }

  #become(kind: TransferState['kind']): void {
    this.#kind = kind;
    this.#record(Kind.STATE, this.#buffer.amt);
  }

  #record(kind: number, n: number): void {
    const { recorder, connection } = this.#ends;
    if (recorder === null) return;
    const head = kind | this.#buffer.flags | stateFlags(this.#kind);
    recorder.event(head, connection, this.#buffer.pos, this.#buffer.cap, n, 0);
  }
}

/** The bits of a state in a record. */
function stateFlags(kind: TransferState['kind']): number {
  switch (kind) {
    case 'running':
      return 0;
    case 'shutting-down':
      return SHUTTING_DOWN;
    case 'done':
      return DONE;
  }
}
