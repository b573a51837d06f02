import { diffJson } from '../report/diff-json.ts';
import { DiffScreen } from '../report/diff-screen.ts';
import { diffTraces, type DiffOptions } from '../report/diff-traces.ts';
import { inspectedItems } from '../report/inspected-item.ts';
import { withInput, type TraceInput } from '../report/open-input.ts';
import { Page } from '../report/page.ts';
import { jsonLine } from '../report/trace-json.ts';
import { EXIT_FAILED, EXIT_OK, type Command, type Io } from './command.ts';
import { eventFilter } from './filter-options.ts';
import { parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

export const diff: Command = {
  summary: 'the first step at which two traces part, with what comes before and after on both sides',
  help: `Usage: relayscope diff [options] GOOD BAD

Compares two traces step by step: what was called, in which direction, with which counts, pos and cap. Times, sequence
numbers and the numbers of polls and connections do not matter, nor does how often a loop repeats (it is said if only
that differs). Connections are paired in the order in which they appear. Each file may be a .trace, NDJSON or printed
text; one of them may be -, the standard input. After records that are missing nothing can be compared.

  --connection A:B   compare connection A of GOOD with B of BAD, and nothing else
  --direction D      only "a -> b" or "b -> a" (ab and ba will do)
  --kind KIND        only these kinds, such as read,write; may come again
  --json             one JSON object: {"schema":1,"same","first","pairs":[…],"unpaired"}

Example: relayscope diff traces/fixed.trace traces/off-by-one.trace
Exit code 0: the same; 1: they part, or a gap leaves it open; 2: wrong usage, or a file that cannot be read.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      connection: { type: 'string' },
      direction: { type: 'string' },
      kind: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    });
    const [good, bad] = positionals;
    if (good === undefined || bad === undefined || positionals.length > 2) {
      throw new UsageError(`Wrong number of files: expected GOOD and BAD, got ${positionals.length}`);
    }
    if (good === '' || bad === '') throw new UsageError('Wrong file: expected a name, got ""');
    if (good === '-' && bad === '-') throw new UsageError('Only one of the two can be the standard input');
    const { direction, kind } = values;
    const options = { filter: eventFilter({ direction, kind }), only: pairOption(values.connection) };
    return withInput(good, io, (first) =>
      withInput(bad, io, (second) => compare(first, second, options, values.json ?? false, io)),
    );
  },
};

async function compare(
  good: TraceInput,
  bad: TraceInput,
  options: DiffOptions,
  json: boolean,
  io: Io,
): Promise<number> {
  const [first, second] = [inspectedItems(good.items, io.signal), inspectedItems(bad.items, io.signal)];
  const found = await diffTraces(first, second, options);
  if (io.signal.aborted) return EXIT_FAILED;
  if (json) io.stdout.write(jsonLine(diffJson(found)));
  else {
    const page = new Page(io);
    new DiffScreen(page, { good: good.name, bad: bad.name }).show(found);
    page.flush();
  }
  return found.same ? EXIT_OK : EXIT_FAILED;
}

function pairOption(text: string | undefined): DiffOptions['only'] {
  if (text === undefined) return null;
  const numbers = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text);
  const good = Number(numbers?.[1] ?? 0);
  const bad = Number(numbers?.[2] ?? good);
  if (good > 0 && bad > 0) return { good, bad };
  throw new UsageError(`Wrong --connection: expected two numbers such as 1:2, got ${JSON.stringify(text)}`);
}
