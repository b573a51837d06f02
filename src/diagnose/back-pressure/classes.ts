import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const backPressureClasses: ClassInfos<(typeof FAMILIES)['back-pressure'][number]> = {
  'mutual-write-deadlock': {
    summary: 'both peers write and neither reads: every buffer on the way is full',
    lookAt:
      'The protocol of the two peers: one of them has to read while it writes. In a relay, bytes in both directions must not wait for each other; more buffer only moves the moment.',
    seeAlso: ['libp2p/rust-yamux/pull/104', 'libp2p/rust-yamux/issues/227', 'quininer/tokio-rustls/issues/32'],
    needs: [],
    explains: [
      'missed-flush',
      'needs-flush-to-accept',
      'dead-peer',
      'half-close-linger',
      'masked-stall',
      'buffered-data-lost',
    ],
  },
  'control-frame-coupling': {
    summary: 'reading stops until there is room to write an answer, such as a pong',
    lookAt:
      'What the reader does with a ping: the answer needs a place of its own, and reading goes on while it waits there.',
    seeAlso: ['erebe/wstunnel/pull/535', 'block/buzz/pull/4885'],
    needs: [['blocked']],
    explains: [
      'mutual-write-deadlock',
      'missed-flush',
      'needs-flush-to-accept',
      'dead-peer',
      'half-close-linger',
      'leftover-not-drained',
      'masked-stall',
      'inner-ready-outer-pending',
      'buffered-data-lost',
    ],
  },
  'credit-leak': {
    summary: 'bytes that were dropped are never given back to the window, until the peer may send no more',
    lookAt:
      'Every place that drops bytes: padding, the data of a stream that is reset, frames that are ignored. Each has to give back the credit of what it drops.',
    seeAlso: ['cloudflare/quiche/issues/1320', 'apache/pekko-http/pull/1259', 'hyperium/h2/issues/584'],
    needs: [['credit']],
    explains: ['dead-peer', 'half-close-linger', 'missed-flush', 'masked-stall', 'leftover-not-drained'],
  },
  'no-backpressure': {
    summary: 'a write takes whatever it is offered, and what cannot be sent grows in memory',
    lookAt:
      'pollWrite: it has to be Pending from some mark of bytes on that are not sent (bufferedAmount, writableLength), and to wake when they are.',
    seeAlso: ['snapview/tokio-tungstenite/issues/286', 'websockets/ws/issues/593'],
    needs: [['queue']],
    explains: ['flush-lies', 'shutdown-drops-tail', 'masked-stall'],
  },
};
