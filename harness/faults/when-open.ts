import type { Context } from '../../src/poll/context.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { StreamError } from '../../src/streams/stream-error.ts';
import { WakeSlot } from '../../src/streams/wake-slot.ts';
import type { WebSocketLike } from '../../src/streams/web-socket-like.ts';

/**
 * A WebSocket that still connects, as the stream that `adapt` makes of it once it is open. Until then every poll waits.
 * Polls throw WEBSOCKET_NOT_OPEN if it closes first.
 */
export function whenOpen<Socket extends WebSocketLike>(
  socket: Socket,
  adapt: (socket: Socket) => PollStream,
): PollStream {
  const reader = new WakeSlot();
  const writer = new WakeSlot();
  let inner: PollStream | null = null;
  let failure: Error | null = null;
  let abortReason: Error | null = null;
  const wake = (): void => {
    reader.wake();
    writer.wake();
  };
  socket.addEventListener('open', () => {
    // In this turn: the first message may come in the next.
    inner = adapt(socket);
    if (abortReason !== null) inner.abort?.(abortReason);
    wake();
  });
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', ({ code }) => {
    failure ??= new StreamError('WEBSOCKET_NOT_OPEN', `Expected the WebSocket to open, got a close ${code}`);
    wake();
  });
  const poll = (cx: Context, slot: WakeSlot, call: (stream: PollStream) => number): number => {
    if (inner !== null) return call(inner);
    if (failure !== null) throw failure;
    return slot.wait(cx);
  };
  return {
    pollRead: (cx, bytes, start, end) => poll(cx, reader, (stream) => stream.pollRead(cx, bytes, start, end)),
    pollWrite: (cx, bytes, start, end, given) =>
      poll(cx, writer, (stream) => stream.pollWrite(cx, bytes, start, end, given)),
    pollFlush: (cx) => poll(cx, writer, (stream) => stream.pollFlush(cx)),
    pollShutdown: (cx) => poll(cx, writer, (stream) => stream.pollShutdown(cx)),
    get label() {
      return inner?.label;
    },
    abort: (reason) => {
      abortReason ??= reason;
      inner?.abort?.(reason);
      if (inner === null) socket.close();
    },
  };
}
