import { encodeEvent } from '../../../src/trace/encode-event.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { failureReport } from '../../scenario/failure-report.ts';
import { repeatCommand } from '../../scenario/repeat-command.ts';
import type { DocumentResult, RunFailure } from '../../scenario/run-document.ts';
import { runsOf, type ScenarioRun } from '../../scenario/runs-of.ts';
import { runScenario } from '../../sim/run-scenario.ts';
import { judgeRunResult } from './judge-run-result.ts';
import { NOTHING_KNOWN, type Judged } from './judged.ts';
import { JudgedTrace } from './judged-trace.ts';

/** One run of a document, made now; in memory it comes to the same each time. @param file of the document, if it is known. */
export function judgeScenarioRun(run: ScenarioRun, file: string | null): Judged {
  const { scenario, dialect, chunkBytes } = run;
  const result = runScenario(scenario, { dialect, ...(chunkBytes === null ? {} : { chunkBytes }) });
  return { ...judgeRunResult(result, null), what: 'a run of a document', repeat: repeatOf(file, run) };
}

/** A document that was run: its first run, or the first that was not as it says. */
export function judgeDocument(result: DocumentResult): Judged | null {
  const { document, failures } = result;
  const [failure] = failures;
  const complaints = failureReport(result);
  if (failure !== undefined) return { ...judgeRunFailure(failure, document.file), complaints };
  const [run] = runsOf(document.scenario);
  if (run === undefined) return null;
  if (document.scenario.live === undefined) return judgeScenarioRun(run, document.file);
  const { outcome, direction = null, code = null } = run.expect;
  const repeat = repeatOf(document.file, run);
  return { ...NOTHING_KNOWN, what: 'a live document', outcome, direction, code, repeat };
}

/** A run that was not as its document says: in memory it is made again, of a live one there is what was kept. */
export function judgeRunFailure(failure: RunFailure, file: string | null): Judged {
  const { run, outcome, waits, events, findings } = failure;
  if (run.scenario.live === undefined) return judgeScenarioRun(run, file);
  const items: TraceItem[] = [
    { kind: 'about', about: { writer: 'relayscope', dialect: run.dialect } },
    ...events.map((event) => ({ kind: 'records', firstSeq: event.seq, words: encodeEvent(event) }) as const),
  ];
  const trace = new JudgedTrace(items, { findings });
  return { ...NOTHING_KNOWN, what: 'a run of a live document', outcome, waits, trace, repeat: repeatOf(file, run) };
}

function repeatOf(file: string | null, run: ScenarioRun): string | null {
  return file === null ? null : `npx ${repeatCommand(file, run)}`;
}
