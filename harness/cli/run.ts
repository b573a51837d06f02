import { resolveDialect } from '../../src/copy/dialect.ts';
import { findDocuments } from '../scenario/find-documents.ts';
import { RelayThreads } from '../scenario/live/relay-threads.ts';
import { runDocument } from '../scenario/run-document.ts';
import type { RunFilter } from '../scenario/runs-of.ts';
import type { Command } from './command.ts';
import { asScenario } from './as-scenario.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { RunSummary } from './run-summary.ts';
import { UsageError } from './usage-error.ts';

const MAX_CHUNK = 0x3fffffff;

export const run: Command = {
  summary: 'run scenario documents and capsules, and compare what comes with what they expect',
  help: `Usage: relayscope run [options] PATH…

Runs scenario documents (.md) and capsules (.json); a folder is searched for documents and *.capsule.json. One in memory
is run in each of its dialects, as it stands and with a and b swapped, at its own chunk size and at every other from 1
to 64 and the powers of two above, each twice, since the same seed has to give the same bytes of trace. See
docs/scenarios.md in the repository.

  --dialect NAME     only in this dialect, of those that the document names
  --swapped          only with a and b swapped; --not-swapped: only as it stands
  --chunk N          only with reads of at most N bytes; --chunk own: only as the document says
  --trace FILE       save the trace of the first of these runs (.trace, or .ndjson)
  --update-goldens   write the golden traces that documents name, instead of comparing with them
  --as-scenario FILE.md   write the one capsule as a document first, and run that; --force: replace what is there
  --json             one JSON object: {"schema":1,"documents","runs","failed","malformed","failures":[…]}

Example: relayscope run fixtures/scenarios
         relayscope run capsules/waker-seed-42-run-7.capsule.json --as-scenario fixtures/scenarios/wakers/lost.md
Exit code 0: all as expected; 1: an expectation failed; 2: wrong usage, or a document that cannot be read; 3: a run got
stuck, and its document had not said that it would.
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
    });
    if (positionals.length === 0) throw new UsageError('No path: expected documents, capsules, or folders of them');
    const filter = filterOf(values);
    const golden = { root: '.', update: values['update-goldens'] ?? false };
    const summary = new RunSummary(io, values.json ?? false);
    // Of the first run that there is.
    let tracePath = values.trace;
    const story = values['as-scenario'];
    const files =
      story === undefined ? await findDocuments(positionals) : [await asScenario(positionals, story, values)];
    if (story !== undefined && values.json !== true) io.stdout.write(`Wrote ${story}\n`);
    const threads = new RelayThreads();
    try {
      for (const [index, file] of files.entries()) {
        if (io.signal.aborted) break;
        summary.progress(index, files.length);
        const document = await summary.read(file);
        if (document === null) continue;
        const result = await runDocument(document, { filter, golden, tracePath, threads });
        if (result.runs > 0) tracePath = undefined;
        summary.add(result);
      }
    } finally {
      await threads.close();
    }
    return summary.end();
  },
};

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
