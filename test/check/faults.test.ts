import { expect, test } from 'vitest';
import { findBreaches } from '../../harness/check/find-breaches.ts';
import { pollSubject } from '../../harness/check/inner/poll-subject.ts';
import type { StreamLaw } from '../../harness/check/stream-law.ts';
import { applyFaults } from '../../harness/faults/apply-faults.ts';
import { POLL_FAULTS } from '../../harness/faults/poll/poll-faults.ts';
import { manualClock } from '../faults/support/manual-clock.ts';

/** What the check finds in a right stream that is broken by one fault, at every call on which that can act. */
const LAWS: Readonly<Record<string, readonly StreamLaw[]>> = {
  count: ['counts'],
  'header-counted': ['counts'],
  'kernel-filter': ['counts'],
  'utf16-length': ['conservation'],
  'stale-length': ['counts'],
  'count-undefined': ['counts'],
  'count-nan': ['counts'],
  'count-string': ['counts'],
  'count-negative': ['counts'],
  'count-fraction': ['counts'],
  'partial-over-report': ['conservation'],
  'zero-write': ['counts'],
  swallow: ['conservation'],
  'taken-twice': ['conservation'],
  'retry-grown': ['conservation'],
  'takes-everything': ['back-pressure'],
  short: [],
  late: [],
  'pending-without-waker': ['wakers'],
  'inner-ready-outer-pending': ['wakers'],
  'waker-overwritten': ['wakers'],
  'wake-before-register': ['wakers'],
  'readiness-cleared': ['wakers'],
  // A connection that closes by itself: an end that nobody has sent, a failure that nothing beneath has.
  'close-unheard': ['end', 'counts'],
  'spurious-wake': [],
  'late-wake': [],
  'wake-storm': ['wakers'],
  'hang-up-loop': ['wakers'],
  // These two are of the executor, and not of a stream.
  'reentrant-wake': [],
  'thread-blocks': [],
  'early-end': ['end'],
  'no-end': ['end'],
  'peer-silent': ['wakers'],
  'end-twice': [],
  // Benign to a copy, which does not read on after the end.
  'data-after-end': ['end'],
  'empty-read': ['end'],
  'no-room': ['end'],
  'early-bytes': ['conservation'],
  'leftover-kept': ['wakers'],
  'credit-leak': ['wakers'],
  'pong-behind-data': ['wakers'],
  error: ['counts'],
  'flush-lies': ['flush'],
  'flush-never-ends': ['flush'],
  'flush-fails': ['flush'],
  'flush-not-resumed': ['conservation'],
  'held-until-flush': [],
  'needs-flush': ['back-pressure'],
  'shutdown-never-ends': ['shutdown'],
  'shutdown-fails': ['shutdown'],
  'shutdown-fails-again': ['shutdown'],
  'shutdown-begins-anew': ['shutdown'],
  'shutdown-both-ways': ['shutdown'],
  // Its flush passes nothing on, either.
  'shutdown-drops-tail': ['flush', 'shutdown'],
  'shutdown-not-passed-on': ['shutdown'],
};
const RUNS = 2;
/** Less than the fault that takes everything takes by then. */
const MAX_BUFFERED_BYTES: Readonly<Record<string, number>> = { 'takes-everything': 512 * 1024 };

test('each fault of a polled stream has its line', () => {
  expect(Object.keys(LAWS)).toEqual(POLL_FAULTS.map(({ name }) => name));
});

test.for(Object.entries(LAWS))('%s breaks %j', async ([fault, laws]) => {
  let clock = manualClock();
  const subject = pollSubject(
    (inner) => {
      clock = manualClock();
      return applyFaults(inner, 'b', { faults: [{ fault }] }, { connection: 1, recorder: null, clock });
    },
    { onIdle: () => clock.next(), maxBufferedBytes: MAX_BUFFERED_BYTES[fault] ?? 1024 * 1024 },
  );
  const { found } = await findBreaches(subject, { runs: RUNS });
  expect(found.broken.map(({ breach }) => breach.law)).toEqual(laws);
});
