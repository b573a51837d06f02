import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const flushAndShutdownClasses: ClassInfos<(typeof FAMILIES)['flush-and-shutdown'][number]> = {
  'missed-flush': {
    summary: 'bytes lie in a buffered writer that nobody flushes, while the reader waits for the answer to them',
    lookAt:
      "Who copies: when its reader has nothing more, it has to call pollFlush once after the last write, and poll it until it is done; tokio's copy does so from 1.10 on. A stream that nobody will flush must send by itself.",
    seeAlso: ['tokio-rs/tls/issues/66', 'tokio-rs/tokio/pull/8424', 'meow-rs/issues/272', 'erebe/wstunnel/issues/360'],
    needs: [['ledger', 'queue']],
    explains: ['half-close-linger', 'dead-peer', 'masked-stall', 'partial-over-report', 'mutual-write-deadlock'],
  },
  'needs-flush-to-accept': {
    summary: 'a writer takes no more until it is flushed, and the copy flushes only once all is written',
    lookAt:
      'pollWrite, where it returns PENDING with something still unsent: it has to push that on by itself, as a flush would, before it says that it has no room.',
    seeAlso: ['snapview/tokio-tungstenite/pull/287', 'mattsse/chromiumoxide/pull/179'],
    needs: [['inner-read', 'inner-write']],
    explains: [
      'pending-without-waker',
      'inner-ready-outer-pending',
      'waker-overwritten',
      'readiness-lost',
      'missed-flush',
      'half-close-linger',
      'dead-peer',
      'masked-stall',
      'mutual-write-deadlock',
      'buffered-data-lost',
    ],
  },
  'flush-abandoned': {
    summary: 'a write between two polls of a flush makes the writer lose what the flush was sending, or send it twice',
    lookAt:
      'pollWrite while a flush is under way: copies write as soon as there is more to write, and ask for the flush again later. What the flush was sending has to go on from where it was.',
    seeAlso: ['tokio-rs/tokio/issues/6519'],
    needs: [['ledger']],
    explains: [
      'flush-lies',
      'shutdown-drops-tail',
      'missed-flush',
      'partial-over-report',
      'under-report',
      'half-close-linger',
      'dead-peer',
    ],
  },
  'flush-lies': {
    summary: 'a flush says that it is done while bytes still lie in the writer',
    lookAt:
      'pollFlush: it may return 0 only when nothing that was written is left in the writer, and what is beneath has been flushed too; until then PENDING, with the waker kept.',
    seeAlso: ['moq-dev/web-transport/pull/305'],
    needs: [['ledger', 'queue']],
    explains: ['missed-flush', 'half-close-linger', 'dead-peer', 'masked-stall'],
  },
  'shutdown-drops-tail': {
    summary: 'a shutdown closes at once, and what was written before it is never sent',
    lookAt:
      'pollShutdown: before it closes what is beneath, it has to send what is left and see that flushed, also where a task of its own does the sending.',
    seeAlso: ['webrtc-rs/webrtc/pull/340', 'hyperium/hyper/pull/4018'],
    needs: [['ledger']],
    explains: [
      'flush-lies',
      'partial-over-report',
      'buffered-data-lost',
      'premature-teardown',
      'shutdown-is-full-close',
      'half-close-linger',
      'dead-peer',
    ],
  },
  'shutdown-not-idempotent': {
    summary: 'a shutdown that was Pending fails when it is asked again, or begins anew',
    lookAt:
      'pollShutdown: it is asked again at each wake until it is done, also when the other direction was woken. Keep what it has done so far, send the end once, and go on waiting for the same thing.',
    seeAlso: ['moq-dev/web-transport/pull/305', 'Nullus157/async-compression/issues/308'],
    needs: [['inner-read', 'inner-write', 'inner-shutdown']],
    explains: [
      'shutdown-error-kills-both',
      'self-wake-storm',
      'hang-up-loop',
      'half-close-linger',
      'buffered-data-lost',
      'premature-teardown',
    ],
  },
  'shutdown-waits-for-peer': {
    summary: 'a shutdown has sent its end, and waits for an answer of the peer that does not come',
    lookAt:
      "pollShutdown, or whoever opened the connection: a wait for the peer's close_notify or Close needs a limit, after which the connection is dropped. The bytes are through.",
    seeAlso: ['aio-libs/aiohttp/issues/11091', 'snapview/tungstenite-rs/issues/183'],
    needs: [['inner-shutdown', 'socket']],
    explains: ['inner-ready-outer-pending', 'half-close-linger', 'dead-peer', 'shutdown-error-kills-both'],
  },
  'shutdown-error-kills-both': {
    summary: 'a shutdown fails in one direction, and its error ends the other one, which still had bytes to carry',
    lookAt:
      'pollShutdown of the stream: the end of a connection that is gone already (ENOTCONN, EPIPE) is no failure of the bytes before it. Or who copies: let the other direction go on, and report the error after it.',
    seeAlso: ['tokio-rs/tokio/issues/4674'],
    needs: [],
    explains: ['buffered-data-lost', 'premature-teardown', 'eof-not-propagated'],
  },
};
