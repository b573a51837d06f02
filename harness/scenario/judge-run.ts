import type { Finding } from '../../src/diagnose/finding.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { RecorderNote } from '../../src/trace/recorder-notes.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { lastOf, type Steps } from '../steps.ts';
import { Texts } from '../report/texts.ts';
import { fingerprint } from '../sim/fingerprint.ts';
import { CONNECTION } from '../sim/copy-pool.ts';
import { diagnoseRun } from '../sim/diagnose-run.ts';
import type { RunOptions } from '../sim/run-options.ts';
import type { RunResult } from '../sim/run-result.ts';
import { World } from '../sim/world.ts';
import { compareFindings, compareRun, type Mismatch } from './compare-run.ts';
import type { ScenarioRun } from './runs-of.ts';
import type { RunOutcomeName, Scenario } from './scenario.ts';

/** What is kept of a run after its world has run again. */
export interface JudgedRun {
  readonly outcome: RunOutcomeName;
  readonly mismatches: readonly Mismatch[];
  /** What each half waited for, in words. */
  readonly waits: readonly string[];
  /** Null without a recorder. */
  readonly events: readonly TraceEvent[] | null;
  /** For whoever saves it. Null without a recorder. */
  readonly trace: readonly TraceItem[] | null;
}

/** What makes a run what it is. */
type RunMade = Pick<ScenarioRun, 'dialect' | 'chunkBytes' | 'scenario'>;

/** A scenario is short; a longer trace keeps its first records and the latest. */
const RECORDS = { keptRecords: 2048, ringRecords: 2048 };

/** So few that they take no longer than some ten milliseconds, whatever they do. */
const POLLS_PER_STEP = 8;

/** What a run is made with. */
class Bench {
  readonly world = new World();
  #seeingBeneath: Recorder | null = null;

  /** Of the usual size: what counts polls, or calls of one poll, has to see many. */
  get seeingBeneath(): Recorder {
    this.#seeingBeneath ??= new Recorder();
    return this.#seeingBeneath;
  }
}

/** Used again for run after run, as everything in it is; a run that stands between two steps keeps its own. */
const benches: Bench[] = [];

/**
 * Makes a run and compares it with what is expected; then makes it again, since the same seed has to give the same, and the same
 * bytes of trace if it is recorded.
 *
 * @param isOver gives it up: what it returns then is good for nothing.
 */
export function judgeRun(run: ScenarioRun, isRecorded: boolean, isOver?: () => boolean): JudgedRun {
  return lastOf(judgingRun(run, isRecorded, isOver));
}

/** The same in steps, between which something else can be done. */
export function* judgingRun(run: ScenarioRun, isRecorded: boolean, isOver?: () => boolean): Steps<JudgedRun> {
  const bench = benches.pop() ?? new Bench();
  const judged = yield* judgingOn(bench, run, isRecorded, isOver);
  benches.push(bench);
  return judged;
}

function* judgingOn(bench: Bench, run: ScenarioRun, isRecorded: boolean, isOver?: () => boolean): Steps<JudgedRun> {
  const first = yield* runOnce(bench, run, isRecorded, isOver);
  const events = first.recording?.events() ?? null;
  const mismatches = compareRun(run.expect, first.result, events);
  const { outcome } = first.result;
  const waits = first.result.waits.map(
    ({ direction, half, waker }) => `${direction} waits to ${half}${waker ? '' : ', and nobody is to wake it'}`,
  );
  const before = fingerprint(first.result);
  const second = yield* runOnce(bench, run, isRecorded, isOver);
  const after = fingerprint(second.result);
  if (before !== after) mismatches.push({ path: 'the same run again', expected: before, got: after });
  else if (!sameBytes(first.recording, second.recording))
    mismatches.push({ path: 'the same run again', expected: 'the same bytes of trace', got: 'others' });
  if (run.expect.findings !== undefined)
    mismatches.push(...compareFindings(run.expect, yield* findingOn(bench, run, isOver)));
  return { outcome, mismatches, waits, events, trace: first.recording?.items(run) ?? null };
}

/** What is found in the trace of a run, made once more with all that can be seen. */
export function findingsOf(run: RunMade, isOver?: () => boolean): Finding[] {
  return lastOf(findingIn(run, isOver));
}

/** The same in steps. */
export function* findingIn(run: RunMade, isOver?: () => boolean): Steps<Finding[]> {
  const bench = benches.pop() ?? new Bench();
  const findings = yield* findingOn(bench, run, isOver);
  benches.push(bench);
  return findings;
}

function* findingOn({ world, seeingBeneath }: Bench, run: RunMade, isOver?: () => boolean): Steps<Finding[]> {
  const { dialect, scenario } = run;
  const options = { dialect, recorder: seeingBeneath, beneath: true, ...limitsOf(run, isOver) };
  const result = yield* running(world, scenario, options);
  return diagnoseRun(seeingBeneath, dialect, result);
}

/** The trace of a run, made once more with all that can be seen, and how it ended: for `relayscope why`. */
export function wholeTraceOf(run: RunMade): TraceItem[] {
  return lastOf(tracingWhole(run));
}

/** The same in steps. */
export function* tracingWhole(run: RunMade, isOver?: () => boolean): Steps<TraceItem[]> {
  const recording = new Recording();
  const { dialect, scenario } = run;
  const { recorder } = recording;
  const bench = benches.pop() ?? new Bench();
  const result = yield* running(bench.world, scenario, { dialect, recorder, beneath: true, ...limitsOf(run, isOver) });
  benches.push(bench);
  const { outcome, direction, error, elapsedMs } = result;
  const message = error?.message ?? `The run was ${outcome} at poll ${result.polls}`;
  const where = direction === null ? {} : { connection: CONNECTION, direction };
  return [...recording.items(run), { kind: 'verdict', verdict: { outcome, message, atMs: elapsedMs, ...where } }];
}

/** A recorder and what it says beside its records. */
class Recording {
  readonly recorder = new Recorder(RECORDS);
  readonly #notes: RecorderNote[] = [];
  readonly #texts = new Texts();

  constructor() {
    this.recorder.notes.listen((note) => {
      this.#notes.push(note);
      if (note.kind === 'string') this.#texts.add(note.id, note.text);
    });
  }

  events(): TraceEvent[] {
    return readRing(this.recorder.buffer).map((event) => this.#texts.told(event));
  }

  items({ scenario: { title, options }, dialect }: RunMade): TraceItem[] {
    const set = Object.keys(options).length === 0 ? {} : { options: { ...options } };
    const about: TraceItem = { kind: 'about', about: { writer: 'relayscope', title, dialect, ...set } };
    return [about, ...this.#notes, ...ringItems(this.recorder.buffer)];
  }
}

function limitsOf(
  { chunkBytes }: Pick<ScenarioRun, 'chunkBytes'>,
  isOver?: () => boolean,
): Pick<RunOptions, 'chunkBytes' | 'isOver'> {
  return { ...(chunkBytes === null ? {} : { chunkBytes }), ...(isOver === undefined ? {} : { isOver }) };
}

function* runOnce(
  { world }: Bench,
  run: ScenarioRun,
  isRecorded: boolean,
  isOver?: () => boolean,
): Steps<{ result: RunResult; recording: Recording | null }> {
  const recording = isRecorded ? new Recording() : null;
  const recorder = recording?.recorder ?? null;
  const { dialect, scenario } = run;
  const result = yield* running(world, scenario, { dialect, recorder, ...limitsOf(run, isOver) });
  return { result, recording };
}

function* running(world: World, scenario: Scenario, options: RunOptions): Steps<RunResult> {
  const run = world.begin(scenario, options);
  for (;;) {
    const result = world.advance(run, POLLS_PER_STEP);
    if (result !== null) return result;
    yield;
  }
}

function sameBytes(first: Recording | null, second: Recording | null): boolean {
  if (first === null || second === null) return first === second;
  return Buffer.compare(new Uint8Array(first.recorder.buffer), new Uint8Array(second.recorder.buffer)) === 0;
}
