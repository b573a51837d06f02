import type { Context } from '../poll/context.ts';
import { PENDING } from '../poll/pending.ts';
import type { ChunkSlot, PollStream } from '../poll/poll-stream.ts';
import { Flag, Kind } from '../trace/event-kind.ts';
import { BeneathContexts } from './beneath-context.ts';

export interface BeneathOptions {
  /**
   * Whether its bytes are the very ones that the copy sees, so that counts can be compared: no headers of the adapter's,
   * nothing compressed. Default: false.
   */
  readonly sameBytes?: boolean;
}

/**
 * A stream beneath an adapter, which tells the trace of each call that the adapter makes of it and of each wake that it gives,
 * and with `sameBytes` what it really gave and took in all. So a finding can tell what the adapter said from what was true.
 *
 * @example
 * await copyBidirectional(fromSocket(inbound), new MyAdapter(beneath(fromSocket(outbound))), { recorder });
 */
export function beneath(stream: PollStream, options: BeneathOptions = {}): PollStream {
  return new BeneathStream(stream, options.sameBytes === true ? new CountedBytes() : null);
}

/** What a stream has really given and taken, apart from what it reported. */
export interface StreamAccount {
  readonly given: number;
  readonly taken: number;
}

/** By the counts of the stream itself, which is the last that knows. */
class CountedBytes implements StreamAccount {
  given = 0;
  taken = 0;
}

/** Where nothing is recorded, the calls go through and no more. */
export class BeneathStream implements PollStream {
  readonly #account: StreamAccount | null;
  readonly #inner: PollStream;
  readonly #contexts = new BeneathContexts();
  /** As last told; −1: not yet, so that the first call tells that nothing has gone through before it. */
  #given = -1;
  #taken = -1;

  /** @param account of somebody who knows better; null: there is none. */
  constructor(inner: PollStream, account: StreamAccount | null) {
    this.#inner = inner;
    this.#account = account;
    // Who copies chunks asks whether the method is there.
    if (inner.pollChunk !== undefined) this.pollChunk = (cx, slot) => this.#chunk(cx, slot);
    if (inner.abort !== undefined) this.abort = (reason) => this.#inner.abort?.(reason);
  }

  declare pollChunk?: (cx: Context, slot: ChunkSlot) => number;
  declare abort?: (reason: Error) => void;

  get label(): string | undefined {
    return this.#inner.label;
  }

  /** Begins anew, as the stream beneath it does. */
  reset(): void {
    this.#given = -1;
    this.#taken = -1;
    this.#contexts.clear();
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    let n: number;
    try {
      n = this.#inner.pollRead(this.#contexts.of(cx), bytes, start, end);
    } catch (error) {
      throw failed(cx, Kind.INNER_READ, error);
    }
    return this.#gave(cx, Kind.INNER_READ, n, end - start);
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    let n: number;
    try {
      n = this.#inner.pollWrite(this.#contexts.of(cx), bytes, start, end, given);
    } catch (error) {
      throw failed(cx, Kind.INNER_WRITE, error);
    }
    cx.note?.(Kind.INNER_WRITE, n, end - start);
    if (this.#account instanceof CountedBytes && isMore(n)) this.#account.taken += n;
    this.#tellTaken(cx);
    return n;
  }

  pollFlush(cx: Context): number {
    const result = told(cx, Kind.INNER_FLUSH, () => this.#inner.pollFlush(this.#contexts.of(cx)));
    this.#tellTaken(cx);
    return result;
  }

  pollShutdown(cx: Context): number {
    const result = told(cx, Kind.INNER_SHUTDOWN, () => this.#inner.pollShutdown(this.#contexts.of(cx)));
    this.#tellTaken(cx);
    return result;
  }

  #tellTaken(cx: Context): void {
    if (this.#account === null || this.#account.taken === this.#taken) return;
    this.#taken = this.#account.taken;
    cx.note?.(Kind.LEDGER, this.#taken, 0);
  }

  #chunk(cx: Context, slot: ChunkSlot): number {
    let n: number;
    try {
      n = this.#inner.pollChunk?.(this.#contexts.of(cx), slot) ?? 0;
    } catch (error) {
      throw failed(cx, Kind.INNER_READ, error);
    }
    return this.#gave(cx, Kind.INNER_READ | Flag.CHUNK, n, n === PENDING ? 0 : slot.end - slot.start);
  }

  #gave(cx: Context, head: number, n: number, room: number): number {
    cx.note?.(head, n, room);
    if (this.#account instanceof CountedBytes && isMore(n)) this.#account.given += n;
    if (this.#account !== null && this.#account.given !== this.#given) {
      this.#given = this.#account.given;
      cx.note?.(Kind.LEDGER, this.#given, 0);
    }
    return n;
  }
}

function told(cx: Context, kind: number, call: () => number): number {
  let result: number;
  try {
    result = call();
  } catch (error) {
    throw failed(cx, kind, error);
  }
  cx.note?.(kind, result, 0);
  return result;
}

function failed(cx: Context, kind: number, error: unknown): unknown {
  cx.note?.(kind | Flag.FAILED, 0, 0);
  return error;
}

/** PENDING is less than nothing; a stream may return what is no number at all. */
function isMore(n: number): boolean {
  return typeof n === 'number' && n > 0;
}
