import type { PollStream } from '../../src/poll/poll-stream.ts';

/**
 * A stream whose first bytes have been read already: the first polls hand those over at once, then `rest` follows.
 * `early` belongs to the stream from now on.
 */
export function withEarlyBytes(early: Uint8Array, rest: PollStream): PollStream {
  let at = 0;
  const left = (): number => early.byteLength - at;
  return {
    pollRead(cx, bytes, start, end) {
      if (left() === 0) return rest.pollRead(cx, bytes, start, end);
      const n = Math.min(left(), end - start);
      bytes.set(early.subarray(at, at + n), start);
      at += n;
      return n;
    },
    ...(rest.pollChunk === undefined
      ? {}
      : {
          pollChunk(cx, slot) {
            const n = left();
            // Asked for a chunk, it hands over a chunk, or what is left of it.
            if (n === 0) return rest.pollChunk?.(cx, slot) ?? 0;
            slot.bytes = early;
            slot.start = at;
            slot.end = early.byteLength;
            at = early.byteLength;
            return n;
          },
        }),
    pollWrite: (cx, bytes, start, end, given) => rest.pollWrite(cx, bytes, start, end, given),
    pollFlush: (cx) => rest.pollFlush(cx),
    pollShutdown: (cx) => rest.pollShutdown(cx),
    abort(reason) {
      at = early.byteLength;
      rest.abort?.(reason);
    },
  };
}
