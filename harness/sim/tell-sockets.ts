import { Flag, Kind, SocketState } from '../../src/trace/event-kind.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { CONNECTION } from './copy-pool.ts';
import type { SimStream } from './sim-stream.ts';

/**
 * What the streams beneath would do if they were asked once more, at the end of a run: what a wake that never came has left
 * undone. Not through the copy's contexts: a half that was never called has none, and may have bytes all the same.
 */
export function tellSockets(recorder: Recorder | null, a: SimStream, b: SimStream): void {
  const tell = (flags: number, state: number): void => {
    recorder?.event(Kind.SOCKET | flags, CONNECTION, 0, 0, state, 0);
  };
  if (a.canRead) tell(0, SocketState.READABLE);
  if (a.canWrite) tell(Flag.B_TO_A | Flag.WRITE_HALF, SocketState.WRITABLE);
  if (b.canRead) tell(Flag.B_TO_A, SocketState.READABLE);
  if (b.canWrite) tell(Flag.WRITE_HALF, SocketState.WRITABLE);
}
