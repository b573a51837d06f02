import type { FindingClass } from '../../src/diagnose/finding-class.ts';

/** What the documents cannot say of a class by themselves: paths from the top of the checkout, each of which is there. */
export interface OtherEvidence {
  /** Of several documents that provoke it, the one to look at first. */
  readonly first?: string;
  /** Where it is provoked in another way: a test with real sockets, a model. */
  readonly tests?: readonly string[];
  /** The near miss, where it does not stand beside the provoking document with `-near-miss` after its name. */
  readonly nearMiss?: string;
  /** What stands for a part that is not on every machine: a kernel's filter, an edge of epoll, a foreign runtime. */
  readonly model?: string;
}

export const OTHER_EVIDENCE: Partial<Readonly<Record<FindingClass, OtherEvidence>>> = {
  'over-report-spin': {
    first: 'fixtures/scenarios/story/off-by-one.md',
    nearMiss: 'fixtures/scenarios/story/right-adapter.md',
  },
  'os-over-report': { model: 'harness/faults/poll/kernel-filter.ts' },
  'readiness-lost': { model: 'harness/sim/edge-readiness.ts' },
  'deferred-wake-lost': { model: 'harness/sim/runtime-thread.ts' },
  'hang-up-loop': { model: 'harness/sim/level-poller.ts' },
  'credit-leak': { model: 'harness/sim/credit-window.ts' },
};
