import { expect, test } from 'vitest';
import { findBreaches } from '../../harness/check/find-breaches.ts';
import { pollSubject } from '../../harness/check/inner/poll-subject.ts';
import type { StreamLaw } from '../../harness/check/stream-law.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { Buffered } from './defects/buffered.ts';
import { DropsOnPartialWrite } from './defects/drops-on-partial-write.ts';
import { DropsTail } from './defects/drops-tail.ts';
import { EarlyEnd } from './defects/early-end.ts';
import { EndNotPassedOn } from './defects/end-not-passed-on.ts';
import { EndOnce } from './defects/end-once.ts';
import { FailureAsEnd } from './defects/failure-as-end.ts';
import { FirstWaker } from './defects/first-waker.ts';
import { FlushLies } from './defects/flush-lies.ts';
import { FlushNotPassedOn } from './defects/flush-not-passed-on.ts';
import { ForgetsRegister } from './defects/forgets-register.ts';
import { KeepsBorrowed } from './defects/keeps-borrowed.ts';
import { KeepsWhatWaits } from './defects/keeps-what-waits.ts';
import { NeverGoesOn } from './defects/never-goes-on.ts';
import { NothingReturned } from './defects/nothing-returned.ts';
import { OffByOne } from './defects/off-by-one.ts';
import { OneSlot } from './defects/one-slot.ts';
import { OutsideTheWindow } from './defects/outside-the-window.ts';
import { Passing } from './defects/passing.ts';
import { PollsWhenWoken } from './defects/polls-when-woken.ts';
import { ReadsAhead } from './defects/reads-ahead.ts';
import { ReadsAllAhead } from './defects/reads-all-ahead.ts';
import { RegistersLate } from './defects/registers-late.ts';
import { Reorders } from './defects/reorders.ts';
import { ShutdownOnce } from './defects/shutdown-once.ts';
import { TakesAndWaits } from './defects/takes-and-waits.ts';
import { Unbounded } from './defects/unbounded.ts';
import { WakesForEver } from './defects/wakes-for-ever.ts';
import { WakesOnceMore } from './defects/wakes-once-more.ts';
import { WholeUnits } from './defects/whole-units.ts';
import { WriterForgotten } from './defects/writer-forgotten.ts';

type Adapter = new (inner: PollStream) => PollStream;

const RIGHT: readonly Adapter[] = [Passing, Buffered, ReadsAhead, WakesOnceMore, WholeUnits];
const WRONG: readonly (readonly [StreamLaw, Adapter])[] = [
  ['counts', OffByOne],
  ['counts', NothingReturned],
  ['wakers', ForgetsRegister],
  ['wakers', FirstWaker],
  ['wakers', OneSlot],
  ['wakers', WakesForEver],
  ['wakers', WriterForgotten],
  ['end', EarlyEnd],
  ['end', EndOnce],
  ['end', FailureAsEnd],
  ['flush', FlushLies],
  ['flush', FlushNotPassedOn],
  ['shutdown', DropsTail],
  ['shutdown', EndNotPassedOn],
  ['shutdown', ShutdownOnce],
  ['re-entrancy', PollsWhenWoken],
  ['re-entrancy', RegistersLate],
  ['back-pressure', Unbounded],
  ['back-pressure', NeverGoesOn],
  ['back-pressure', ReadsAllAhead],
  ['conservation', KeepsBorrowed],
  ['conservation', KeepsWhatWaits],
  ['conservation', TakesAndWaits],
  ['conservation', Reorders],
  ['conservation', DropsOnPartialWrite],
  ['conservation', OutsideTheWindow],
];
const RUNS = 20;

test.for(RIGHT)('%o breaks no law', async (adapter) => {
  expect(await brokenBy(adapter)).toEqual([]);
});

test.for(WRONG)('only the law of %s is broken by %o', async ([law, adapter]) => {
  expect(await brokenBy(adapter)).toEqual([law]);
});

async function brokenBy(adapter: Adapter): Promise<StreamLaw[]> {
  const { found } = await findBreaches(
    pollSubject((inner) => new adapter(inner), {}),
    { runs: RUNS },
  );
  return found.broken.map(({ breach }) => breach.law);
}
