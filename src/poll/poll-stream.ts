import type { Context } from './context.ts';

/** Where `pollChunk` leaves the chunk that it hands over: `bytes[start..end]`. Owned by the caller, used again and again. */
export interface ChunkSlot {
  bytes: Uint8Array;
  start: number;
  end: number;
}

/**
 * A stream that is polled: AsyncRead and AsyncWrite in one. Every method returns at once, either with a result or with
 * PENDING after `cx.register()`. PENDING means that nothing was taken. A failure is thrown.
 *
 * Buffers are passed as (bytes, start, end), and results are plain numbers, so that a call allocates nothing; hence
 * more positional parameters than elsewhere.
 */
export interface PollStream {
  /** Places up to `end - start` bytes into `bytes[start..end]`. Returns how many; 0 is the end of the stream. */
  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number;

  /**
   * Takes bytes from `bytes[start..end]`. Returns how many, an integer in 1 … end − start.
   * The bytes are borrowed: the stream may not keep them after the call has returned, unless `given` is true. Then what
   * was taken belongs to the stream, and the caller will neither read nor write it again.
   */
  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number;

  /** Passes on what was written. Returns 0 when done. */
  pollFlush(cx: Context): number;

  /** Flushes and ends the writing half; the reading half goes on. Returns 0 when done, and again 0 if asked again. */
  pollShutdown(cx: Context): number;

  /**
   * For a source that already holds chunks: fills `slot` with the next one and returns its length, 0 at the end of the
   * stream. The chunk then belongs to the caller. Chunks and `pollRead` may be mixed; the order of bytes holds.
   */
  pollChunk?(cx: Context, slot: ChunkSlot): number;

  /** What it is, for a person, as far as it is known by now: `127.0.0.1:40012`. */
  readonly label?: string | undefined;

  /** Ends both halves at once as a failure, so that the far end can tell it from an end of stream (a reset, where there is one). */
  abort?(reason: Error): void;
}
