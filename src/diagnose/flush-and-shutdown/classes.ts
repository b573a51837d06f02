import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const flushAndShutdownClasses: ClassInfos<(typeof FAMILIES)['flush-and-shutdown'][number]> = {
  'missed-flush': {
    summary: 'buffered writer never flushed while reader waits for the reply',
    lookAt: '',
    seeAlso: ['tokio-rs/tls/issues/66', 'tokio-rs/tokio/pull/8424', 'meow-rs/issues/272', 'erebe/wstunnel/issues/360'],
    needs: [],
    explains: [],
  },
  'needs-flush-to-accept': {
    summary: 'write Pending until flush, flush only when buffer empty',
    lookAt: '',
    seeAlso: ['snapview/tokio-tungstenite/pull/287', 'mattsse/chromiumoxide/pull/179'],
    needs: [],
    explains: [],
  },
  'flush-abandoned': {
    summary: 'write between polls of a pending flush',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/issues/6519'],
    needs: [],
    explains: [],
  },
  'flush-lies': {
    summary: 'flush Ready while data queued',
    lookAt: '',
    seeAlso: ['moq-dev/web-transport/pull/305'],
    needs: [],
    explains: [],
  },
  'shutdown-drops-tail': {
    summary: 'shutdown without flush',
    lookAt: '',
    seeAlso: ['webrtc-rs/webrtc/pull/340', 'hyperium/hyper/pull/4018'],
    needs: [],
    explains: [],
  },
  'shutdown-not-idempotent': {
    summary: 'second poll errors/restarts',
    lookAt: '',
    seeAlso: ['moq-dev/web-transport/pull/305', 'Nullus157/async-compression/issues/308'],
    needs: [],
    explains: [],
  },
  'shutdown-waits-for-peer': {
    summary: 'close_notify / WS close never answered',
    lookAt: '',
    seeAlso: ['aio-libs/aiohttp/issues/11091', 'snapview/tungstenite-rs/issues/183'],
    needs: [],
    explains: [],
  },
  'shutdown-error-kills-both': {
    summary: 'ENOTCONN',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/issues/4674'],
    needs: [],
    explains: [],
  },
};
