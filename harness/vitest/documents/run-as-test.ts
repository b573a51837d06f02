import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'vitest';
import { saveTrace } from '../../../src/trace/file/save-trace.ts';
import { readDocument } from '../../scenario/find-documents.ts';
import { wholeTraceOf } from '../../scenario/judge-run.ts';
import type { ScenarioDocument } from '../../scenario/parse-scenario.ts';
import { runDocument, type DocumentResult } from '../../scenario/run-document.ts';
import { attachTrace } from '../attach-trace.ts';
import { lacksLoopback } from '../lacks-loopback.ts';
import { tracePath } from '../trace-path.ts';
import { documentFailure } from './document-failure.ts';
import { filterOf } from './document-options.ts';
import type { DocumentTest } from './document-test.ts';
import { unreadableDocument } from './unreadable-document.ts';

/**
 * The body of a test: makes the runs, leaves the trace of the first that failed, and throws what `relayscope run` prints. Skips itself where there
 * is nothing to run, or the machine cannot.
 */
export async function runAsTest(one: DocumentTest, context: TestContext): Promise<void> {
  const { file, shown, dialect, options, settings, threads } = one;
  const document = await readDocument(file).catch((error: unknown) => {
    throw unreadableDocument(error, one);
  });
  const { live, expect: expected } = document.scenario;
  const lack = live === undefined ? null : await lacksLoopback();
  if (lack !== null) context.skip(lack);
  const folder = live === undefined ? null : await mkdtemp(join(tmpdir(), 'relayscope-test-'));
  try {
    const recorded = folder === null ? undefined : join(folder, 'relay.trace');
    const golden = { root: settings.root, update: settings.updatesGoldens, how: 'vitest -u' };
    // What it is called in a report, and in the command that repeats it.
    const named: ScenarioDocument = { ...document, file: shown };
    const filter = filterOf(dialect, options);
    const result = await runDocument(named, { filter, golden, threads, tracePath: recorded });
    if (result.runs === 0) context.skip('it has no such run');
    if (result.failures.length === 0) {
      // For configurations that want each test to have one.
      context.expect(result.failures).toEqual([]);
      if (golden.update && expected.golden !== undefined) console.log(`Wrote ${expected.golden}`);
      return;
    }
    const project = context.task.file.projectName ?? '';
    const path = tracePath(settings.root, project, shown.replace(/\.(?:md|json)$/, ''), dialect);
    await keepTrace(result, recorded, path);
    await attachTrace(context, path, settings.root);
    throw documentFailure(result, one);
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

/** Of the first run that failed: in memory it is made once more, with all that can be seen; a live one has been recorded. */
async function keepTrace({ failures }: DocumentResult, recorded: string | undefined, path: string): Promise<void> {
  const [first] = failures;
  if (recorded !== undefined) {
    await mkdir(dirname(path), { recursive: true });
    await copyFile(recorded, path);
  } else if (first !== undefined) await saveTrace(path, wholeTraceOf(first.run));
}
