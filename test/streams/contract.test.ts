import { isNode22 } from '../is-node-22.ts';
import { describeContract } from './contract.ts';
import { CLIENTS, duplexes, memory, tcp, transforms, unix, webSockets, webTcp } from './support/pairs.ts';

const MIB = 1024 * 1024;
/** Our own marks on both sides, and what a kernel keeps for a connection on loopback. */
const NETWORK_BYTES = 64 * MIB;

const resetCrosses = { halfClose: true, abort: { a: !isNode22, b: !isNode22 } };
const everything = { halfClose: true, abort: { a: true, b: true } };
const noHalfClose = { halfClose: false, abort: { a: true, b: true } };

describeContract('memoryPair', memory, { ...everything, bytesUnread: { aToB: 65_536, bToA: 65_536 } });
describeContract('fromSocket over TCP', tcp, {
  ...resetCrosses,
  bytesUnread: { aToB: NETWORK_BYTES, bToA: NETWORK_BYTES },
});
// Destroyed, a Unix socket is an end to its peer; what had not been read there may turn it into an error, or not.
describeContract('fromSocket over a Unix socket', unix, {
  halfClose: true,
  abort: { a: false, b: false },
  bytesUnread: { aToB: NETWORK_BYTES, bToA: NETWORK_BYTES },
});
describeContract('fromDuplex over duplexPair', duplexes, {
  ...resetCrosses,
  bytesUnread: { aToB: 4 * MIB, bToA: 4 * MIB },
});
describeContract('fromWebStreams over TransformStream', transforms, {
  ...everything,
  bytesUnread: { aToB: MIB, bToA: MIB },
});
describeContract('fromWebStreams over TCP', webTcp, {
  ...resetCrosses,
  bytesUnread: { aToB: NETWORK_BYTES, bToA: NETWORK_BYTES },
});
describeContract('fromWebSocket: ws to ws', () => webSockets(CLIENTS.ws), {
  ...noHalfClose,
  bytesUnread: { aToB: NETWORK_BYTES, bToA: NETWORK_BYTES },
});
describeContract('fromWebSocket: ws to ws, compressed', () => webSockets(CLIENTS.ws, { threshold: 0 }), {
  ...noHalfClose,
  // Zeros compress a thousandfold: how many of them fit a kernel's buffers says nothing.
  bytesUnread: { aToB: null, bToA: null },
});
// A W3C WebSocket cannot be paused: who writes to it is not held back by who does not read from it.
describeContract('fromWebSocket: undici to ws', () => webSockets(CLIENTS.undici), {
  ...noHalfClose,
  bytesUnread: { aToB: NETWORK_BYTES, bToA: null },
});
describeContract('fromWebSocket: global to ws', () => webSockets(CLIENTS.global), {
  ...noHalfClose,
  bytesUnread: { aToB: NETWORK_BYTES, bToA: null },
});
