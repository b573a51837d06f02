import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import { copyRecordOf } from '../../../src/copy/copy-record.ts';
import type { Clock } from '../../../src/poll/clock.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import { spanOf } from '../../../src/watch/connection-progress.ts';
import { isStuck } from '../../../src/watch/is-stuck.ts';
import { judgeSettledCopy } from './judge-copy.ts';
import { NOTHING_KNOWN, type Judged } from './judged.ts';
import { JudgedTrace } from './judged-trace.ts';
import type { LiveSubject } from './live-subject.ts';
import { LiveWatch } from './live-watch.ts';
import type { Patience } from './patience.ts';
import { recorderItems } from './recorder-items.ts';
import { standingVerdict } from './standing-verdict.ts';
import { traceOutcome } from './trace-outcome.ts';

/** Between two looks. */
const LOOK_MS = 20;
/** After so long without an event it is worth asking what has come of it. */
const LULL_MS = 60;

/** How long nothing has been recorded: what is asked of the trace costs time, so it is asked once on each of these. */
type Rest = 'moving' | 'lull' | 'quiet';

/**
 * Waits until it is over, is stuck, or answers the question, and for `withinMs` at most; then judges it as it stands. What waits with
 * nobody to wake it, polls without moving a byte, or goes round a loop is stuck by the watchdog's judgement; what merely waits is if
 * a finding says why nothing more can come.
 */
export async function judgeLive(subject: LiveSubject, patience: Patience): Promise<Judged> {
  const watch = new LiveWatch(subject.recorder, patience.limitMs, connectionOf(subject));
  try {
    return await watched(subject, watch, patience);
  } finally {
    watch.stop();
  }
}

async function watched(
  subject: LiveSubject,
  watch: LiveWatch,
  { clock, limitMs, withinMs, isEnough }: Patience,
): Promise<Judged> {
  const startMs = clock.nowMs();
  const copy = new FollowedCopy(subject.copy);
  let before: Rest = 'moving';
  for (;;) {
    const nowMs = clock.nowMs() - startMs;
    watch.look(nowMs);
    if (copy.settled !== null) return judgeOver(subject, copy.settled);
    const verdict = watch.verdict ?? stuckBy(subject.verdicts);
    const rest = watch.quietMs >= limitMs ? 'quiet' : watch.quietMs >= LULL_MS ? 'lull' : 'moving';
    const isLate = nowMs >= withinMs;
    if (verdict !== null || isLate || (rest !== before && rest !== 'moving')) {
      const judged = judgeNow(subject, verdict, rest === 'quiet' ? watch.quietMs : null);
      const isOver = subject.copy === undefined && (judged.outcome === 'completed' || judged.outcome === 'failed');
      if (verdict !== null || isOver || isEnough(judged)) return judged;
      if (isLate) return judged.outcome === 'open' ? { ...judged, outcome: 'unfinished' } : judged;
    }
    before = rest;
    await copy.settledWithin(LOOK_MS, clock);
  }
}

/** A copy of which there is no trace: all that can be seen is whether it ends. */
export async function judgeUnseenCopy(copy: PromiseLike<CopyCounts>, { clock, withinMs }: Patience): Promise<Judged> {
  const followed = new FollowedCopy(copy);
  await followed.settledWithin(withinMs, clock);
  if (followed.settled !== null) return judgeSettledCopy(followed.settled);
  const message = `After ${spanOf(withinMs)}; without a recorder nothing more is known`;
  return { ...NOTHING_KNOWN, what: 'a live copy', outcome: 'open', message };
}

/** A copy, and what has come of it. */
class FollowedCopy {
  settled: CopyCounts | Error | null = null;
  readonly #promise: Promise<void> | null = null;

  constructor(copy: LiveSubject['copy']) {
    if (copy === undefined) return;
    if (copy instanceof Error || !('then' in copy)) {
      this.settled = copy;
      return;
    }
    const settle = (result: CopyCounts | Error): void => {
      this.settled = result;
    };
    this.#promise = Promise.resolve(copy).then(settle, (error: unknown) => {
      settle(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async settledWithin(ms: number, clock: Clock): Promise<void> {
    let cancel: (() => void) | null = null;
    const paused = new Promise<void>((resolve) => {
      cancel = clock.after(ms, resolve);
    });
    await (this.#promise === null ? paused : Promise.race([paused, this.#promise]));
    (cancel as (() => void) | null)?.();
  }
}

function judgeOver(subject: LiveSubject, settled: CopyCounts | Error): Judged {
  const { recorder, connection = null, delivered = null } = subject;
  const judged = judgeSettledCopy(settled, copyRecordOf(settled));
  const trace = judged.trace ?? new JudgedTrace(recorderItems(recorder), { connection });
  return { ...judged, trace, delivered, ...placesOf(subject) };
}

/** @param quietMs nothing has moved for so long; null: it moves, or has until just now. */
function judgeNow(subject: LiveSubject, verdict: Verdict | null, quietMs: number | null): Judged {
  const { recorder, delivered = null } = subject;
  const connection = connectionOf(subject);
  const items = recorderItems(recorder, dialectOf(subject));
  const trace = new JudgedTrace(verdict === null ? items : [...items, { kind: 'verdict', verdict }], { connection });
  const told = traceOutcome(items, connection);
  const common = {
    ...NOTHING_KNOWN,
    what: subject.copy === undefined ? 'a live relay' : 'a live copy',
    delivered,
    trace,
    waits: told.waits,
    counts: subject.counts ?? told.counts,
    ...placesOf(subject),
  };
  if (verdict !== null)
    return { ...common, ...traceOutcome([{ kind: 'verdict', verdict }]), ...waitsAndCounts(common) };
  const { outcome, direction, message, code } = told;
  if (outcome === 'completed' || outcome === 'failed') return { ...common, outcome, direction, message, code };
  if (quietMs === null) return { ...common, outcome: 'open' };
  const [finding] = trace.findings();
  if (finding === undefined)
    return { ...common, outcome: 'waiting', message: `Nothing has moved for ${spanOf(quietMs)}` };
  return { ...common, outcome: 'parked', direction: finding.direction, message: finding.meaning };
}

function waitsAndCounts({ waits, counts }: Pick<Judged, 'waits' | 'counts'>): Pick<Judged, 'waits' | 'counts'> {
  return { waits, counts };
}

function placesOf({ tracePath, repeat }: LiveSubject): Pick<Judged, 'tracePath' | 'repeat'> {
  return { tracePath: tracePath ?? null, repeat: repeat ?? null };
}

function connectionOf({ connection, copy }: LiveSubject): number | null {
  return connection ?? (copy === undefined ? null : (copyRecordOf(copy)?.connection ?? null));
}

function dialectOf({ copy }: LiveSubject): string | undefined {
  return copy === undefined ? undefined : copyRecordOf(copy)?.dialect;
}

function stuckBy(verdicts: readonly Verdict[] | undefined): Verdict | null {
  const latest = standingVerdict(verdicts ?? []);
  return latest !== null && isStuck(latest) ? latest : null;
}
