import { resolveDialect } from '../../src/copy/dialect.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { Direction } from '../../src/poll/direction.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { findingsOf } from '../scenario/judge-run.ts';
import type { Expectation, RunOutcomeName, Scenario } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import { World } from '../sim/world.ts';
import { compareSteps, type Departure } from './compare-steps.ts';
import { isSameFamily } from './dialect-family.ts';
import type { TraceScenario } from './trace-to-scenario.ts';

/** Of a long replay the first steps are compared, and the latest are kept for a person. */
const RECORDS = { keptRecords: 65_536, ringRecords: 16_384 };

/** What one dialect made of a recorded connection. */
export interface DialectReplay {
  readonly dialect: string;
  readonly outcome: RunOutcomeName;
  readonly direction: Direction | null;
  /** Of the error that it failed with. */
  readonly code: string | null;
  readonly message: string | null;
  readonly counts: { readonly aToB: number; readonly bToA: number };
  /** Bytes that the sides would have got. */
  readonly delivered: { readonly aToB: number; readonly bToA: number };
  readonly polls: number;
  readonly elapsedMs: number;
  readonly waits: RunResult['waits'];
  /** What is wrong with it, unless it completes. */
  readonly findings: readonly Finding[];
  /** Whether it ended as was recorded. */
  readonly agrees: boolean;
  /** It got stuck where the record did not. */
  readonly isStuck: boolean;
  /** It waits where the record ends, which did not say how it would have gone on. */
  readonly isAtItsEnd: boolean;
  /** Steps that are the same as recorded, from the first on. */
  readonly sameSteps: number;
  readonly departure: Departure | null;
  /** Calls that were made more often than they were recorded: their answers are assumed. */
  readonly beyond: readonly string[];
  /** What a document would expect of it. */
  readonly expect: Expectation;
}

/** Used again, as everything in them is: the bytes that the seed makes up are made once for all dialects. */
const world = new World();
const recorder = new Recorder(RECORDS);

const STUCK: ReadonlySet<string> = new Set(['spinning', 'livelocked', 'parked', 'starved']);

/** Runs it in one dialect, and compares. Throws DIALECT_UNKNOWN. */
export function replayInDialect(trace: TraceScenario, dialect: string): DialectReplay {
  const { recorded, events } = trace;
  const result = world.run(scenarioFor(trace, dialect), { dialect, recorder });
  const replayed = readRing(recorder.buffer);
  const { same, departure } = compareSteps(events, replayed, isSameFamily(dialect, trace.dialect));
  const { outcome, direction, error, counts, delivered, polls, elapsedMs } = result;
  const code = error?.code ?? null;
  const agrees = endsAsRecorded(trace, result, departure);
  const wasStuck = STUCK.has(recorded.outcome);
  // Where the record just ends, waiting for more is what there is to do. So it does where the copy refused what others take.
  const isCut = recorded.outcome === 'failed' ? departure === null : recorded.outcome !== 'completed';
  const isAtItsEnd = isCut && outcome === 'parked';
  return {
    dialect,
    outcome,
    direction,
    code,
    message: error?.message ?? null,
    counts: { aToB: counts.aToB, bToA: counts.bToA },
    delivered: { aToB: delivered.aToB.length, bToA: delivered.bToA.length },
    polls,
    elapsedMs,
    waits: [...result.waits],
    findings:
      outcome === 'completed' ? [] : findingsOf({ dialect, chunkBytes: null, scenario: scenarioFor(trace, dialect) }),
    agrees,
    isStuck: STUCK.has(outcome) && !wasStuck && !agrees && !isAtItsEnd,
    isAtItsEnd: isAtItsEnd && !agrees,
    sameSteps: same,
    departure,
    beyond: callsBeyond(events, replayed),
    expect: expectationOf(result),
  };
}

/** The scenario as this dialect can be given it: sizes of buffers only where it has them. */
export function scenarioFor({ scenario }: TraceScenario, dialect: string): Scenario {
  const { bufferBytes, ...others } = scenario.options;
  const { hasBufferSizes, checksCounts } = resolveDialect(dialect);
  // Buffers of no size are refused where results are checked.
  const least = typeof bufferBytes === 'object' ? Math.min(bufferBytes.aToB, bufferBytes.bToA) : (bufferBytes ?? 0);
  const isSized = bufferBytes !== undefined && hasBufferSizes && !(checksCounts && least === 0);
  const options = isSized ? { ...others, bufferBytes } : others;
  return { ...scenario, options, dialects: [dialect], expect: { outcome: 'completed' } };
}

function endsAsRecorded(
  { recorded }: TraceScenario,
  { outcome, error }: RunResult,
  departure: Departure | null,
): boolean {
  // The record ends while it goes on, or waits: a replay that has come so far has nothing to go on with.
  if (recorded.outcome === 'waiting' || recorded.outcome === 'unfinished')
    return outcome === recorded.outcome || (departure === null && outcome !== 'failed');
  if (outcome !== recorded.outcome) return false;
  return recorded.code === null || error === null || recorded.code === error.code;
}

function callsBeyond(recorded: readonly TraceEvent[], replayed: readonly TraceEvent[]): string[] {
  const calls = new Map<string, number>();
  const count = (events: readonly TraceEvent[], by: number): void => {
    for (const { kind, direction } of events) {
      if (kind !== 'write' && kind !== 'flush' && kind !== 'shutdown') continue;
      const call = `${direction === 'a -> b' ? 'b' : 'a'}.${kind}`;
      calls.set(call, (calls.get(call) ?? 0) + by);
    }
  };
  count(recorded, -1);
  count(replayed, 1);
  return [...calls].filter(([, more]) => more > 0).map(([call, more]) => `${call} × ${more}`);
}

function expectationOf({ outcome, direction, error, counts, delivered, broken, waits }: RunResult): Expectation {
  return {
    outcome,
    ...(direction === null ? {} : { direction }),
    ...(error === null || outcome !== 'failed' ? {} : { code: error.code }),
    // A stream that returned a text has made one of its count, which a document cannot expect.
    counts: {
      ...(typeof counts.aToB === 'number' ? { aToB: counts.aToB } : {}),
      ...(typeof counts.bToA === 'number' ? { bToA: counts.bToA } : {}),
    },
    delivered: { aToB: delivered.aToB.length, bToA: delivered.bToA.length },
    ...(broken.length === 0 ? {} : { breaks: [...new Set(broken.map(({ law }) => law))] }),
    ...(waits.length === 0
      ? {}
      : { waits: waits.map(({ direction: of, half, waker }) => ({ direction: of, half, waker })) }),
  };
}
