import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { copyBidirectional } from '../../../../src/copy/copy-bidirectional.ts';
import { fromSocket } from '../../../../src/streams/from-socket.ts';
import { memoryPair } from '../../../../src/streams/memory-pair.ts';
import { joinWatch, type WatchedEnd } from '../../../../src/watch/worker-link.ts';

/** A relay whose thread makes a synchronous call when the first bytes come in: after the stream has woken, before the poll. */

const { watched, isBlocking } = workerData as { watched: WatchedEnd; isBlocking: boolean };
const recorder = joinWatch(watched);

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
// A server that listens on TCP has such an address.
const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
const [inbound] = (await once(server, 'connection')) as [Socket];
const [outbound] = memoryPair();
void copyBidirectional(fromSocket(inbound), outbound, { recorder, dialect: 'checked' });

parentPort?.once('message', () => {
  // Once the first poll is over, which has added the stream's own listener: that one comes first then.
  setImmediate(() => {
    inbound.on('data', () => {
      if (isBlocking) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      parentPort?.postMessage('got it');
    });
    client.write('GET / HTTP/1.0\r\n\r\n');
  });
});
