import { recordedConnection } from '../../harness/replay/recorded-connection.ts';
import { replayTrace, type TraceReplay } from '../../harness/replay/replay-trace.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import type { RunResult } from '../../harness/sim/run-result.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';

/** Enough for the longest scenario: what is missing cannot be replayed. */
const RECORDS = { keptRecords: 65_536, ringRecords: 65_536 };

/** The trace of a run in memory, as `relayscope run` would save it, and what the run came to. */
export function recordRun(scenario: Scenario, dialect: string, records = RECORDS) {
  const recorder = new Recorder(records);
  const { outcome, counts, error }: RunResult = runScenario(scenario, { dialect, recorder });
  const about: TraceItem = {
    kind: 'about',
    about: { title: scenario.title, dialect, options: { ...scenario.options } },
  };
  return { items: [about, ...ringItems(recorder.buffer)], outcome, counts, code: error?.code ?? null };
}

export async function replayItems(
  items: readonly TraceItem[],
  dialects: readonly string[] = [],
  connection: number | null = null,
): Promise<TraceReplay> {
  const recorded = await recordedConnection(each(items), connection, new AbortController().signal);
  return replayTrace(recorded, dialects);
}

/** What a reader of a file hands over, one by one. */
async function* each(items: readonly TraceItem[]): AsyncGenerator<TraceItem> {
  await Promise.resolve();
  yield* items;
}
