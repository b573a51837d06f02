import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const backPressureClasses: ClassInfos<(typeof FAMILIES)['back-pressure'][number]> = {
  'mutual-write-deadlock': {
    summary: 'both peers write-blocked, none reads',
    lookAt: '',
    seeAlso: ['libp2p/rust-yamux/pull/104', 'libp2p/rust-yamux/issues/227', 'quininer/tokio-rustls/issues/32'],
    needs: [],
    explains: [],
  },
  'control-frame-coupling': {
    summary: 'reader awaits full queue to writer; pong not flushed; ping behind data',
    lookAt: '',
    seeAlso: ['erebe/wstunnel/pull/535', 'block/buzz/pull/4885'],
    needs: [],
    explains: [],
  },
  'credit-leak': {
    summary: 'discarded data never re-credited',
    lookAt: '',
    seeAlso: ['cloudflare/quiche/issues/1320', 'apache/pekko-http/pull/1259', 'hyperium/h2/issues/584'],
    needs: [],
    explains: [],
  },
  'no-backpressure': {
    summary: 'write always Ready',
    lookAt: '',
    seeAlso: ['snapview/tokio-tungstenite/issues/286', 'websockets/ws/issues/593'],
    needs: [],
    explains: [],
  },
};
