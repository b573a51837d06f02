import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const accountingClasses: ClassInfos<(typeof FAMILIES)['accounting'][number]> = {
  'over-report-spin': {
    summary: 'a write reports more than it was offered, and the loop of the copy never ends',
    lookAt:
      'What pollWrite returns: it must count bytes of the slice that was offered, never those of the message that was made of it (a header, a frame, an encoding).',
    seeAlso: ['tokio-rs/tokio/pull/4125', 'tokio-rs/tokio/issues/3819', 'hyperium/hyper/issues/2107'],
    needs: [],
    explains: [
      'half-close-linger',
      'dead-peer',
      'never-yields',
      'direction-starved',
      'buffered-data-lost',
      'masked-stall',
    ],
  },
  'over-report-masked': {
    summary: 'same, reset hides it',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/pull/6532'],
    needs: [],
    explains: [],
  },
  'os-over-report': {
    summary: 'kernel/VPN filter returns too much',
    lookAt: '',
    seeAlso: ['rustls/rustls/pull/2422', 'rustls/rustls/issues/2316'],
    needs: [],
    explains: [],
  },
  'partial-over-report': {
    summary: 'took k, said k+d, k+d<=len',
    lookAt: '',
    seeAlso: ['steffengy/schannel-rs/issues/34'],
    needs: [],
    explains: [],
  },
  'retry-grown': {
    summary: 'encoder cached frame of old slice, returns new slice length',
    lookAt: '',
    seeAlso: ['shadowsocks/shadowsocks-rust/issues/2175'],
    needs: [],
    explains: [],
  },
  'retry-shrunk': {
    summary: 'returns old length (512) for new slice (12)',
    lookAt: '',
    seeAlso: ['paritytech/litep2p/pull/518'],
    needs: [],
    explains: [],
  },
  'under-report': {
    summary: 'n < taken',
    lookAt: '',
    seeAlso: ['samply/beam/pull/214', 'async-rs/async-std/pull/965'],
    needs: [],
    explains: [],
  },
  'zero-write': {
    summary: 'Ready(0)',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio-io/issues/56', 'str4d/rage/pull/382', 'smol-rs/blocking/issues/70'],
    needs: [],
    explains: [],
  },
  'read-cursor-regression': {
    summary: 'reader clears/shrinks filled',
    lookAt: '',
    seeAlso: [],
    needs: [],
    explains: [],
  },
  'zero-capacity': {
    summary: 'len=0',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/pull/8454', 'paritytech/smoldot-archive/pull/1443', 'tokio-rs/bytes/issues/49'],
    needs: [],
    explains: [],
  },
  'false-eof': {
    summary: 'empty WS frame/zero chunk -> 0 bytes',
    lookAt: '',
    seeAlso: ['novnc/websockify/issues/312', 'tokio-rs/tokio/issues/8251'],
    needs: [],
    explains: [],
  },
  'resume-offset-lost': {
    summary: 'caller drops/rewinds saved slice when writer blocks',
    lookAt: '',
    seeAlso: ['istio/ztunnel/pull/1249'],
    needs: [],
    explains: [],
  },
};
