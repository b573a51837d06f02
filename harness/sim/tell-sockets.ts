import { Flag, Kind, SocketState } from '../../src/trace/event-kind.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { CONNECTION } from './copy-pool.ts';
import type { SimStream } from './sim-stream.ts';

/**
 * What the streams beneath would do if they were asked once more, at the end of a run: what a wake that never came has left
 * undone, or a copy that says it is complete has left there. Not through the copy's contexts: a half that was never called has none, and may have bytes all the same.
 */
export function tellSockets(recorder: Recorder | null, a: SimStream, b: SimStream, isComplete: boolean): void {
  const tell = (flags: number, state: number, bytes = 0): void => {
    recorder?.event(Kind.SOCKET | flags, CONNECTION, 0, 0, state, bytes);
  };
  // Who has said its end has nothing more to say; and of a copy that is complete nobody wants to write any more.
  const canRead = (stream: SimStream): boolean => stream.canRead && !(isComplete && stream.source.ended);
  if (canRead(a)) tell(0, SocketState.READABLE, a.readableBytes);
  if (a.canWrite && !isComplete) tell(Flag.B_TO_A | Flag.WRITE_HALF, SocketState.WRITABLE);
  if (canRead(b)) tell(Flag.B_TO_A, SocketState.READABLE, b.readableBytes);
  if (b.canWrite && !isComplete) tell(Flag.WRITE_HALF, SocketState.WRITABLE);
}
