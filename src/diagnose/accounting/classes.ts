import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const accountingClasses: ClassInfos<(typeof FAMILIES)['accounting'][number]> = {
  'over-report-spin': {
    summary: 'a write reports more than it was offered, and the loop of the copy never ends',
    lookAt:
      'What pollWrite returns: it must count bytes of the slice that was offered, never those of the message that was made of it (a header, a frame, an encoding), and it must return a number.',
    seeAlso: ['tokio-rs/tokio/pull/4125', 'tokio-rs/tokio/issues/3819', 'hyperium/hyper/issues/2107'],
    needs: [],
    // A loop that never ends lets nothing else happen; a copy that refuses the count lets go of what it holds.
    explains: [
      'half-close-linger',
      'dead-peer',
      'never-yields',
      'direction-starved',
      'buffered-data-lost',
      'masked-stall',
      'eof-not-propagated',
      'premature-teardown',
      'missed-flush',
    ],
  },
  'over-report-masked': {
    summary: 'a write reports more than it was offered, and the copy goes on with a total that is too large',
    lookAt:
      'What pollWrite returns, as for over-report-spin: before tokio 1.39 the same stream hangs the copy. Whoever bills, stops or resumes by the total of the copy goes wrong.',
    seeAlso: ['tokio-rs/tokio/pull/6532'],
    needs: [],
    explains: [],
  },
  'os-over-report': {
    summary: 'a system call reports more than it was given, and the adapter of the socket believes it',
    lookAt:
      'What the adapter of the socket makes of the count that the system returns: compare it with what was offered before anything is computed with it. Look for filters in the kernel: VPN clients, virus scanners.',
    seeAlso: ['rustls/rustls/pull/2422', 'rustls/rustls/issues/2316'],
    needs: [['inner-write'], ['socket']],
    explains: [
      'over-report-spin',
      'over-report-masked',
      'partial-over-report',
      'under-report',
      'retry-grown',
      'retry-shrunk',
    ],
  },
  'partial-over-report': {
    summary:
      'a write takes less than it reports, and reports no more than it was offered: bytes are missing at the peer',
    lookAt:
      'What pollWrite does with the part that the stream beneath has not taken: it must keep it until it is sent, or report what was taken. A send that swallows bytes after the stream has closed looks the same.',
    seeAlso: ['steffengy/schannel-rs/issues/34'],
    needs: [['ledger', 'inner-shutdown']],
    explains: [],
  },
  'retry-grown': {
    summary: 'a write that was Pending sends the slice of then and reports the longer one of now',
    lookAt:
      'The buffer that pollWrite fills before it returns Pending: when it is asked again it must report the length that it has kept, for the slice may have grown meanwhile (tokio since 1.22 reads on while a writer waits).',
    seeAlso: ['shadowsocks/shadowsocks-rust/issues/2175'],
    needs: [['ledger', 'inner-shutdown']],
    explains: [],
  },
  'retry-shrunk': {
    summary: 'a write reports the length of an earlier, longer slice, which is more than it was offered',
    lookAt:
      'Where pollWrite takes the length from that it returns: a field that is set for one slice and read for the next, most often around a Pending. The number is the length of the slice before.',
    seeAlso: ['paritytech/litep2p/pull/518'],
    needs: [],
    explains: [
      // The slice before may as well have been the shorter one.
      'under-report',
      'partial-over-report',
      'retry-grown',
      'over-report-masked',
      'over-report-spin',
      'half-close-linger',
      'dead-peer',
      'never-yields',
      'direction-starved',
      'buffered-data-lost',
      'masked-stall',
      'eof-not-propagated',
      'premature-teardown',
      'missed-flush',
    ],
  },
  'under-report': {
    summary: 'a write takes more than it reports, and the copy sends the rest again: the peer gets bytes twice',
    lookAt:
      'What pollWrite returns after it has handed bytes on: all of them, in bytes (no length of a text, no -1 of a call that failed, no fraction). Where it sends again after an error, whether the first time had really failed.',
    seeAlso: ['samply/beam/pull/214', 'async-rs/async-std/pull/965'],
    needs: [['ledger']],
    // The rest is offered again until there is nothing of it to report.
    explains: ['zero-write', 'buffered-data-lost', 'premature-teardown'],
  },
  'zero-write': {
    summary: 'a write takes nothing of what it is offered and says so, instead of waiting',
    lookAt:
      'What pollWrite returns when its queue is full or the stream beneath is not ready: Pending, with the waker kept, and never 0.',
    seeAlso: ['tokio-rs/tokio-io/issues/56', 'str4d/rage/pull/382', 'smol-rs/blocking/issues/70'],
    needs: [],
    explains: ['buffered-data-lost', 'premature-teardown'],
  },
  'read-cursor-regression': {
    summary: 'a read leaves less in the buffer than there was before it',
    lookAt:
      'What the reader does to the buffer it is given: it may append, and may not clear, shrink or replace it. Its count is 0 or more, and an error is no count.',
    seeAlso: [],
    needs: [],
    explains: [
      'over-report-spin',
      'over-report-masked',
      'resume-offset-lost',
      'buffered-data-lost',
      'never-yields',
      'half-close-linger',
    ],
  },
  'zero-capacity': {
    summary: 'a buffer has no size, and a read into no room looks like the end of the stream',
    lookAt:
      'Where the size of the buffer comes from (a setting of 0, a subtraction, a reserve that was not made), and that nothing refuses 0.',
    seeAlso: ['tokio-rs/tokio/pull/8454', 'paritytech/smoldot-archive/pull/1443', 'tokio-rs/bytes/issues/49'],
    needs: [],
    explains: [
      'false-eof',
      'read-after-eof',
      'eof-not-propagated',
      'premature-teardown',
      'half-close-linger',
      'dead-peer',
      'never-yields',
      'direction-starved',
    ],
  },
  'false-eof': {
    summary: 'a read of 0 bytes says that the stream has ended, and it has not',
    lookAt:
      'Where the adapter returns the length of a message: an empty one has to be passed over, by reading on. And what it makes of an error, or of nothing being there yet: neither is 0.',
    seeAlso: ['novnc/websockify/issues/312', 'tokio-rs/tokio/issues/8251'],
    needs: [['inner-read', 'queue', 'socket']],
    explains: ['read-after-eof', 'premature-teardown', 'half-close-linger', 'buffered-data-lost'],
  },
  'resume-offset-lost': {
    summary: 'a write is resumed at another place than where it stopped',
    lookAt:
      'What the copy keeps of its buffer while the writer is Pending, or after a short write: the slice that is offered next has to begin at the first byte that was not taken.',
    seeAlso: ['istio/ztunnel/pull/1249'],
    needs: [],
    explains: ['buffered-data-lost', 'half-close-linger', 'dead-peer', 'never-yields'],
  },
};
