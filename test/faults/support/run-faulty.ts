import type { FaultContext } from '../../../harness/faults/active-fault.ts';
import { applyFaults } from '../../../harness/faults/apply-faults.ts';
import type { FaultPlan } from '../../../harness/faults/fault-plan.ts';
import { eventText } from '../../../harness/report/event-text.ts';
import { Texts } from '../../../harness/report/texts.ts';
import { BidirectionalCopy } from '../../../src/copy/bidirectional-copy.ts';
import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import type { DialectName } from '../../../src/copy/dialect.ts';
import { RelayscopeError } from '../../../src/errors.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { readRing } from '../../../src/trace/read-ring.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import type { ManualClock } from './manual-clock.ts';

const MAX_POLLS = 200;
const MAX_ITERATIONS = 50;

export interface FaultyRunOptions {
  readonly clock: ManualClock;
  readonly dialect: DialectName;
}

export interface FaultyRun {
  /** `completed`, `parked` (nothing is left that could wake it), `unfinished` (so many polls), or the error's code. */
  readonly outcome: string;
  readonly counts: CopyCounts;
  readonly polls: number;
  /** Its events as `relayscope inspect` words them. */
  readonly events: readonly string[];
  readonly recorder: Recorder;
}

/** Runs a copy with a plan's faults in memory: polled when it is woken, and time goes on when nothing else does. */
export function runFaulty(a: PollStream, b: PollStream, plan: FaultPlan, options: FaultyRunOptions): FaultyRun {
  const { clock, dialect } = options;
  const recorder = new Recorder({ clock, keptRecords: 4096, ringRecords: 4096 });
  const texts = new Texts();
  recorder.notes.listen((note) => {
    if (note.kind === 'string') texts.add(note.id, note.text);
  });
  let woken = true;
  let polls = 0;
  const context: FaultContext = { connection: 1, recorder, clock, pollNow: () => copy.poll() };
  const copy = new BidirectionalCopy(
    applyFaults(a, 'a', plan, context),
    applyFaults(b, 'b', plan, context),
    () => {
      woken = true;
    },
    { dialect, recorder, limits: { idleIterations: 1, iterationsPerPoll: MAX_ITERATIONS } },
  );
  const end = (outcome: string): FaultyRun => ({
    outcome,
    counts: copy.counts,
    polls,
    events: readRing(recorder.buffer).map((event) => eventText(texts.told(event))),
    recorder,
  });
  for (;;) {
    if (!woken && !clock.next()) return end('parked');
    if (!woken) continue;
    if (polls === MAX_POLLS) return end('unfinished');
    polls += 1;
    woken = false;
    try {
      if (copy.poll()) return end('completed');
    } catch (error) {
      if (error instanceof RelayscopeError) return end(error.code);
      throw error;
    }
  }
}
