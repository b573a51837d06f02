import { systemClock } from '../../src/poll/clock.ts';
import { saveTrace } from '../../src/trace/file/save-trace.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import { TimeLimit } from '../ci/time-limit.ts';
import { Turns } from '../steps.ts';
import { compareFindings, compareOutcome, type Mismatch } from './compare-run.ts';
import { compareFired, faultTexts } from './compare-fired.ts';
import { compareGolden, type GoldenOptions } from './golden.ts';
import type { LiveSetup } from './live/live-setup.ts';
import { RelayThreads } from './live/relay-threads.ts';
import { runLive } from './live/run-live.ts';
import type { ScenarioDocument } from './parse-scenario.ts';
import { findingIn, judgingRun, tracingWhole } from './judge-run.ts';
import { runsOf, type RunFilter, type ScenarioRun } from './runs-of.ts';
import type { RunOutcomeName } from './scenario.ts';

/** A run that was not as its document says. */
export interface RunFailure {
  readonly run: ScenarioRun;
  readonly mismatches: readonly Mismatch[];
  readonly outcome: RunOutcomeName;
  /** What each half waited for, in words. */
  readonly waits: readonly string[];
  /** The latest events. */
  readonly events: readonly TraceEvent[];
  /** What its trace is found to suffer from. */
  readonly findings: readonly Finding[];
}

export interface DocumentResult {
  readonly document: ScenarioDocument;
  /** So many were made. */
  readonly runs: number;
  readonly failures: readonly RunFailure[];
  /** So many were not, or not to their end: the time was up. */
  readonly left: number;
  /** How long each of its dialects took, as far as it was run. */
  readonly elapsedMs: ReadonlyMap<string, number>;
}

/** So many events of a failed run are kept. */
const LAST_EVENTS = 12;
/** Of a document of hundreds of runs that all fail, so many are told. */
const MAX_FAILURES = 1000;

export interface RunDocumentOptions {
  readonly filter?: RunFilter;
  /** Where golden traces are, and whether they are to be written anew. Default: below the working folder, and no. */
  readonly golden?: GoldenOptions;
  /** The trace of the first run is saved there: as NDJSON where the name ends so, else as `.trace`. */
  readonly tracePath?: string | undefined;
  /** For live documents: the threads of several, which whoever has made them closes. Default: this document's own. */
  readonly threads?: RelayThreads;
  /** When it is over, the run under way is given up, and no other is begun. Default: never. */
  readonly limit?: TimeLimit;
}

const UNLIMITED = new TimeLimit(Infinity);

/**
 * Runs a document: a live one once in each dialect; one in memory in each dialect, as it stands and swapped, at its own chunk size and at the others, each run twice.
 * Only its own chunk size is recorded: at the others nothing is expected of events.
 */
export async function runDocument(
  document: ScenarioDocument,
  options: RunDocumentOptions = {},
): Promise<DocumentResult> {
  const { filter = {}, golden = { root: '.', update: false }, tracePath, limit = UNLIMITED } = options;
  const runs = runsOf(document.scenario, filter);
  const { live } = document.scenario;
  if (live !== undefined) return runLiveDocument(document, live, runs, options);
  const failures: RunFailure[] = [];
  const times = new DialectTimes();
  const turns = new Turns();
  const isOver = (): boolean => limit.isOver();
  let made = 0;
  for (const [index, run] of runs.entries()) {
    await turns.turn();
    if (isOver()) break;
    let ran = await turns.lastOf(judgingRun(run, needsEvents(run), isOver));
    times.add(run.dialect);
    if (isOver()) break;
    made += 1;
    if (index === 0 && tracePath !== undefined) {
      const items = await turns.lastOf(tracingWhole(run, isOver));
      if (isOver()) break;
      await saveTrace(tracePath, items);
    }
    // What is not as the document says is not made golden.
    const update = golden.update && ran.mismatches.length === 0;
    const differs = ran.trace === null ? null : await compareGolden(run, ran.trace, { ...golden, update });
    const mismatches = [...ran.mismatches, ...(differs === null ? [] : [differs])];
    if (isTold(document, run))
      mismatches.push(...compareFired(run.scenario.plan, run.expect, faultTexts(ran.events ?? [])));
    if (mismatches.length === 0) continue;
    if (failures.length === MAX_FAILURES) {
      made = runs.length;
      break;
    }
    // Again with a recorder, to show what came before the end.
    if (ran.events === null) ran = await turns.lastOf(judgingRun(run, true, isOver));
    const { outcome, waits, events } = ran;
    const latest = (events ?? []).slice(-LAST_EVENTS);
    const findings = await turns.lastOf(findingIn(run, isOver));
    failures.push({ run, mismatches, outcome, waits, events: latest, findings });
  }
  return { document, runs: made, failures, left: runs.length - made, elapsedMs: times.elapsedMs };
}

/** As its prose tells it: not cut, not swapped; a capsule has none, and what an exploration found may name more than it needs. */
function isTold({ prose }: ScenarioDocument, { swapped, chunkBytes }: ScenarioRun): boolean {
  return prose !== '' && !swapped && chunkBytes === null;
}

async function runLiveDocument(
  document: ScenarioDocument,
  setup: LiveSetup,
  runs: readonly ScenarioRun[],
  { tracePath, threads, limit = UNLIMITED }: RunDocumentOptions,
): Promise<DocumentResult> {
  const failures: RunFailure[] = [];
  const own = threads ?? new RelayThreads();
  const times = new DialectTimes();
  const { signal, release } = limit.signal();
  let made = 0;
  try {
    for (const [index, run] of runs.entries()) {
      if (limit.isOver()) break;
      const result = await runLive(run.scenario, setup, {
        dialect: run.dialect,
        threads: own,
        tracePath: index === 0 ? tracePath : undefined,
        signal,
      });
      times.add(run.dialect);
      if (limit.isOver()) break;
      made += 1;
      const mismatches = [
        ...compareOutcome(run.expect, result),
        ...compareFindings(run.expect, result.findings),
        ...compareFired(run.scenario.plan, run.expect, result.fired),
      ];
      const { outcome, waits, events, findings } = result;
      if (mismatches.length > 0)
        failures.push({ run, mismatches, outcome, waits, events: events.slice(-LAST_EVENTS), findings });
    }
  } finally {
    release();
    if (threads === undefined) await own.close();
  }
  return { document, runs: made, failures, left: runs.length - made, elapsedMs: times.elapsedMs };
}

/** How long the runs of each dialect take, one after the other. */
class DialectTimes {
  readonly elapsedMs = new Map<string, number>();
  #sinceMs = systemClock.nowMs();

  /** The time since the latest run is this dialect's. */
  add(dialect: string): void {
    const nowMs = systemClock.nowMs();
    this.elapsedMs.set(dialect, (this.elapsedMs.get(dialect) ?? 0) + nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
  }
}

function needsEvents({ chunkBytes, expect }: ScenarioRun): boolean {
  return chunkBytes === null || expect.events !== undefined || expect.never !== undefined;
}
