import type { Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { copyBidirectional } from '../../../../src/copy/copy-bidirectional.ts';
import type { Clock } from '../../../../src/poll/clock.ts';
import type { PollStream } from '../../../../src/poll/poll-stream.ts';
import { fromDuplex } from '../../../../src/streams/from-duplex.ts';
import { fromSocket } from '../../../../src/streams/from-socket.ts';

/**
 * A connection with faults of its bytes in it: what this returns is used in place of the socket. `wrap` puts the faults
 * around the socket as a stream. Ends and failures of either side reach the other; a failure loses its system's name.
 */
export function underTransport(socket: Socket, wrap: (stream: PollStream) => PollStream, clock: Clock): Duplex {
  const [near, far] = duplexPair();
  const stop = new AbortController();
  near.once('close', () => {
    if (near.readableEnded && near.writableFinished) return;
    // Before the copy would reset it: who destroys a socket ends it in the ordinary way.
    socket.destroy();
    stop.abort();
  });
  copyBidirectional(fromDuplex(far), wrap(fromSocket(socket)), { signal: stop.signal, clock }).catch(
    (error: unknown) => {
      // What copyBidirectional rejects with is an Error. On Node 22 the far end would not tell the near one.
      near.destroy(error as Error);
    },
  );
  return near;
}
