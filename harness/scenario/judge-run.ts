import type { Finding } from '../../src/diagnose/finding.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { RecorderNote } from '../../src/trace/recorder-notes.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { Texts } from '../report/texts.ts';
import { fingerprint } from '../sim/fingerprint.ts';
import { CONNECTION } from '../sim/copy-pool.ts';
import { diagnoseRun } from '../sim/diagnose-run.ts';
import type { RunOptions } from '../sim/run-options.ts';
import type { RunResult } from '../sim/run-result.ts';
import { World } from '../sim/world.ts';
import { compareFindings, compareRun, type Mismatch } from './compare-run.ts';
import type { ScenarioRun } from './runs-of.ts';
import type { RunOutcomeName } from './scenario.ts';

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

/** Used again for run after run, as everything in it is. */
const world = new World();
/** Of the usual size: what counts polls, or calls of one poll, has to see many. */
const seeingBeneath = new Recorder();

/**
 * Makes a run and compares it with what is expected; then makes it again, since the same seed has to give the same, and the same
 * bytes of trace if it is recorded.
 *
 * @param isOver gives it up: what it returns then is good for nothing.
 */
export function judgeRun(run: ScenarioRun, isRecorded: boolean, isOver?: () => boolean): JudgedRun {
  const first = runOnce(run, isRecorded, isOver);
  const events = first.recording?.events() ?? null;
  const mismatches = compareRun(run.expect, first.result, events);
  const { outcome } = first.result;
  const waits = first.result.waits.map(
    ({ direction, half, waker }) => `${direction} waits to ${half}${waker ? '' : ', and nobody is to wake it'}`,
  );
  const before = fingerprint(first.result);
  const second = runOnce(run, isRecorded, isOver);
  const after = fingerprint(second.result);
  if (before !== after) mismatches.push({ path: 'the same run again', expected: before, got: after });
  else if (!sameBytes(first.recording, second.recording))
    mismatches.push({ path: 'the same run again', expected: 'the same bytes of trace', got: 'others' });
  if (run.expect.findings !== undefined) mismatches.push(...compareFindings(run.expect, findingsOf(run, isOver)));
  return { outcome, mismatches, waits, events, trace: first.recording?.items(run) ?? null };
}

/** What is found in the trace of a run, made once more with all that can be seen. */
export function findingsOf(run: RunMade, isOver?: () => boolean): Finding[] {
  const { dialect, scenario } = run;
  const options = { dialect, recorder: seeingBeneath, beneath: true, ...limitsOf(run, isOver) };
  const result = world.run(scenario, options);
  return diagnoseRun(seeingBeneath, dialect, result);
}

/** The trace of a run, made once more with all that can be seen, and how it ended: for `relayscope why`. */
export function wholeTraceOf(run: RunMade): TraceItem[] {
  const recording = new Recording();
  const { dialect, chunkBytes, scenario } = run;
  const cut = chunkBytes === null ? {} : { chunkBytes };
  const result = world.run(scenario, { dialect, recorder: recording.recorder, beneath: true, ...cut });
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

function runOnce(
  run: ScenarioRun,
  isRecorded: boolean,
  isOver?: () => boolean,
): { result: RunResult; recording: Recording | null } {
  const recording = isRecorded ? new Recording() : null;
  const recorder = recording?.recorder ?? null;
  const { dialect, scenario } = run;
  const result = world.run(scenario, { dialect, recorder, ...limitsOf(run, isOver) });
  return { result, recording };
}

function sameBytes(first: Recording | null, second: Recording | null): boolean {
  if (first === null || second === null) return first === second;
  return Buffer.compare(new Uint8Array(first.recorder.buffer), new Uint8Array(second.recorder.buffer)) === 0;
}
