import type { Context } from '../../../src/poll/context.ts';
import { MemoryPipe } from '../../../src/streams/memory-pipe.ts';
import { MemoryStream } from '../../../src/streams/memory-stream.ts';
import { StreamError } from '../../../src/streams/stream-error.ts';

/** Both ends of a connection in memory, with so many bytes on their way in each direction at the most. */
export function wire(capacityBytes: number): [WireEnd, WireEnd] {
  const there = new MemoryPipe(capacityBytes);
  const back = new MemoryPipe(capacityBytes);
  return [new WireEnd(back, there), new WireEnd(there, back)];
}

/** As an end of a memory pair is, and can be closed as a socket is. */
export class WireEnd extends MemoryStream {
  /** What is on its way arrives, and then an end; what the other end writes from now on fails there. */
  close(cx: Context): void {
    const gone = new StreamError('PEER_ABORTED', 'Connection was closed by its peer');
    this.incoming.fail(gone, gone);
    try {
      this.outgoing.end(cx);
    } catch {
      // It has failed before, which both ends know.
    }
  }
}
