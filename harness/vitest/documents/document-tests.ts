import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseScenario, type ScenarioDocument } from '../../scenario/parse-scenario.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { declareTest } from '../declare-test.ts';
import type { DocumentTestSettings } from './document-test.ts';
import { unreadableDocument } from './unreadable-document.ts';

const TIMEOUT_MS = 60_000;
/** The schema's default, of each connection of a live document. */
const LIVE_LIMIT_MS = 15_000;

/**
 * A document as tests: one for each of its dialects, below its title. One that cannot be read is a test that fails, with the line
 * that says why: an exception here would take all other tests of the file with it.
 *
 * @returns whether any test was made that runs it.
 */
export function documentTests(file: string, given: DocumentTestSettings): boolean {
  const { root, testFile } = given.settings;
  const shown = relative(root, file);
  // A document that is a test file of its own has been named already.
  const named = (title: string): string => (testFile === file ? title : `${shown}: ${title}`);
  let document: ScenarioDocument;
  try {
    document = parseScenario(readFileSync(file, 'utf8'), shown);
  } catch (error) {
    given.describe(named('is a scenario'), () => {
      declareTest('can be read', {}, () => {
        throw unreadableDocument(error, { file, shown, caller: given.caller });
      });
    });
    return true;
  }
  const { title, dialects } = document.scenario;
  const wanted = dialects.filter((name) => given.options.dialects?.includes(name) ?? true);
  given.describe(named(title), () => {
    for (const dialect of wanted)
      declareTest(dialect, { timeout: given.options.timeoutMs ?? timeoutOf(document.scenario) }, async (context) => {
        // Not for what is declared alone: it brings all that a live document takes.
        const { runAsTest } = await import('./run-as-test.ts');
        await runAsTest({ file, shown, dialect, ...given }, context);
      });
    if (wanted.length > 0) return;
    declareTest(dialects.join(', '), {}, (context) => {
      context.skip(`it is for ${dialects.join(', ')}`);
    });
  });
  return wanted.length > 0;
}

/** A live document has a limit of its own, at which it says more than a test that has timed out. */
function timeoutOf({ live }: Scenario): number {
  return TIMEOUT_MS + (live === undefined ? 0 : (live.limitMs ?? LIVE_LIMIT_MS) * (live.connections ?? 1));
}
