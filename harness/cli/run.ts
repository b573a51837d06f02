import { resolveDialect } from '../../src/copy/dialect.ts';
import { TimeLimit } from '../ci/time-limit.ts';
import { timeSpanText } from '../ci/time-span.ts';
import { refuseReport } from '../ci/write-reports.ts';
import { findDocuments } from '../scenario/find-documents.ts';
import { RelayThreads } from '../scenario/live/relay-threads.ts';
import { runDocument } from '../scenario/run-document.ts';
import type { RunFilter } from '../scenario/runs-of.ts';
import type { Command, Io } from './command.ts';
import { asScenario } from './as-scenario.ts';
import { CI_OPTIONS, ciOptions, timeOption, type CiOptions } from './ci-options.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { RunSummary } from './run-summary.ts';
import { shardDocuments } from './shard-documents.ts';
import { UsageError } from './usage-error.ts';

const MAX_CHUNK = 0x3fffffff;
/** All that the repository of relayscope itself has takes half a minute. */
const BUDGET_MS = 30 * 60_000;
const DOCUMENT_BUDGET_MS = 5 * 60_000;

export const run: Command = {
  summary: 'run scenario documents and capsules, and compare what comes with what they expect',
  help: `Usage: relayscope run [options] PATH…

Runs scenario documents (.md) and capsules (.json); a folder is searched for documents and *.capsule.json. One in memory
is run in each of its dialects, as it stands and with a and b swapped, at its own chunk size and at every other from 1
to 64 and the powers of two above, each twice, since the same seed has to give the same bytes of trace. See
docs/scenarios.md in the repository, and docs/ci.md for a CI.

  --dialect NAME     only in this dialect, of those that the document names
  --swapped          only with a and b swapped; --not-swapped: only as it stands
  --chunk N          only with reads of at most N bytes; --chunk own: only as the document says
  --trace FILE       save the trace of the first of these runs (.trace, or .ndjson)
  --update-goldens   write the golden traces that documents name, instead of comparing with them
  --as-scenario FILE.md   write the one capsule as a document first, and run that; --force: replace what is there
  --shard I/N        only part I of N of the documents: each is in one part, and the parts have about as many runs
  --budget TIME      after so long the rest is not run, and that is told (90s, 5m, 1h, or off; default 30m)
  --document-budget TIME   the same for each document; the others are run (default 5m)
  --junit FILE       write a report as JUnit XML
  --github           annotations, and a summary of the job, for GitHub (default where GITHUB_ACTIONS is true); --no-github
  --json             one JSON object: {"schema":1,"documents","runs","failed","malformed","failures":[…],"cut":[…],"unrun":[…]}

Example: relayscope run scenarios
         relayscope run scenarios capsules --shard 2/4 --junit relayscope.xml
         relayscope run capsules/waker-seed-42-run-7.capsule.json --as-scenario scenarios/lost-waker.md
Exit code 0: all as expected; 1: an expectation failed; 2: wrong usage, or a document that cannot be read; 3: a run got
stuck, and its document had not said that it would; 4: a budget was used up, and nothing was wrong before.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      dialect: { type: 'string' },
      swapped: { type: 'boolean' },
      'not-swapped': { type: 'boolean' },
      chunk: { type: 'string' },
      trace: { type: 'string' },
      'update-goldens': { type: 'boolean' },
      'as-scenario': { type: 'string' },
      force: { type: 'boolean' },
      json: { type: 'boolean' },
      'document-budget': { type: 'string' },
      ...CI_OPTIONS,
    });
    if (positionals.length === 0) throw new UsageError('No path: expected documents, capsules, or folders of them');
    const story = values['as-scenario'];
    const ci = ciOptions(values, io.env);
    const each = values['document-budget'];
    if (story !== undefined && ci.shard !== null)
      throw new UsageError('One capsule is not to be shared out: give either --as-scenario or --shard, not both');
    await refuseReport(ci.junit);
    const request: Request = {
      filter: filterOf(values),
      golden: { root: '.', update: values['update-goldens'] ?? false },
      tracePath: values.trace,
      ci,
      documentMs: each === undefined ? DOCUMENT_BUDGET_MS : timeOption('document-budget', each),
    };
    const summary = new RunSummary(io, { ...ci, json: values.json ?? false });
    if (story === undefined) return runAll(await findDocuments(positionals), request, summary, io);
    const file = await asScenario(positionals, story, values);
    if (values.json !== true) io.stdout.write(`Wrote ${story}\n`);
    return runAll([file], request, summary, io);
  },
};

interface Request {
  readonly filter: RunFilter;
  readonly golden: { readonly root: string; readonly update: boolean };
  readonly tracePath: string | undefined;
  readonly ci: CiOptions;
  readonly documentMs: number;
}

async function runAll(all: readonly string[], request: Request, summary: RunSummary, io: Io): Promise<number> {
  const { filter, golden, ci, documentMs } = request;
  const budgetMs = ci.budgetMs ?? BUDGET_MS;
  const whole = new TimeLimit(budgetMs, { stop: io.signal });
  const wholeUp = `the budget of ${timeSpanText(budgetMs)} was used up`;
  const documentUp = `the document's budget of ${timeSpanText(documentMs)} was used up`;
  const { files, isEmpty } =
    ci.shard === null ? { files: all, isEmpty: false } : await shardDocuments(all, filter, ci.shard);
  // Of the first run that there is.
  let { tracePath } = request;
  const threads = new RelayThreads();
  try {
    for (const [index, file] of files.entries()) {
      if (whole.isOver()) {
        summary.leave(files.slice(index), wholeUp);
        break;
      }
      summary.progress(index, files.length);
      const document = await summary.read(file);
      if (document === null) continue;
      const limit = whole.within(documentMs);
      const result = await runDocument(document, { filter, golden, tracePath, threads, limit });
      if (result.runs > 0) tracePath = undefined;
      summary.add(result, whole.isOver() ? wholeUp : documentUp);
    }
  } finally {
    await threads.close();
  }
  return summary.end({ mayBeEmpty: ci.shard !== null && !isEmpty });
}

function filterOf(values: {
  readonly dialect?: string | undefined;
  readonly swapped?: boolean | undefined;
  readonly 'not-swapped'?: boolean | undefined;
  readonly chunk?: string | undefined;
}): RunFilter {
  const { dialect, swapped, chunk } = values;
  if (swapped === true && values['not-swapped'] === true)
    throw new UsageError('Give either --swapped or --not-swapped, not both');
  // For its complaint about what is no dialect at all.
  if (dialect !== undefined) resolveDialect(dialect);
  return {
    dialect,
    swapped: swapped === true ? true : values['not-swapped'] === true ? false : undefined,
    chunkBytes: chunk === undefined || chunk === 'own' ? chunk : integerOption('chunk', chunk, 1, MAX_CHUNK),
  };
}
