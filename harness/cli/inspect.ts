import { DEFAULT_LIMIT, MAX_LIMIT, listEvents } from '../report/list-events.ts';
import { withInput } from '../report/open-input.ts';
import { checkStatement } from '../report/sql-statement.ts';
import { EVENT_COLUMNS, MAX_QUERIED_EVENTS } from '../report/trace-tables.ts';
import { queryTrace } from '../report/query-trace.ts';
import { showTrace } from '../report/show-trace.ts';
import { EXIT_FAILED, EXIT_OK, type Command } from './command.ts';
import { eventFilter } from './filter-options.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

export const inspect: Command = {
  summary: 'what a trace holds: how it ended, the steps before trouble, and the loop itself as one line',
  help: `Usage: relayscope inspect [options] FILE

FILE is a .trace, its NDJSON twin, or text that a patched program has printed (lines with a direction and pos, cap,
read_done in any order and spelling); - is the standard input. Without options the first screen says what was recorded,
by whom, how it ended, and what led to it. With any of these it lists events, one line each:

  --direction D       only "a -> b" or "b -> a" (ab and ba will do)
  --connection N      only this connection; may come again, or as 1,2
  --kind KIND         only poll, read, write, flush, shutdown, loop, state, register, wake, …; may come again
  --around SEQ        the events around that number
  --first-violation   the first of them that breaks a plain rule of the contract, and what is around it
  --limit N           so many events (default ${DEFAULT_LIMIT}, the latest), or "all"; with --sql so many rows

  --sql "SELECT …"    asks the events with SQL: one SELECT, which can change nothing. At most ${MAX_QUERIED_EVENTS.toLocaleString('en')}
                      events are loaded, those that the options above let through. The table events has the columns
${columnLines()}
                      connections has connection, a, b, opened_ms, closed_ms, "end"; verdicts has outcome, message, at_ms
  --json              one JSON object: {"schema":1,"file","format","about","counts","connections","verdicts","stacks",
                      "sockets","warnings","end","firstViolation","loop","events":[…],"leftOut"}; with --sql
                      {"schema":1,"columns","rows","cut"}

Example: relayscope inspect traces/off-by-one.trace
         relayscope inspect traces/off-by-one.trace --sql "SELECT kind, count(*) FROM events GROUP BY kind"
Exit code 0; 1: --first-violation has found one; 2: wrong usage, or a file that cannot be read.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      direction: { type: 'string' },
      connection: { type: 'string', multiple: true },
      kind: { type: 'string', multiple: true },
      around: { type: 'string' },
      'first-violation': { type: 'boolean' },
      limit: { type: 'string' },
      sql: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [file] = positionals;
    if (file === undefined || file === '') throw new UsageError('No file: expected a trace, or - for standard input');
    if (positionals.length > 1) {
      throw new UsageError(`Unexpected argument: expected one file, got also ${JSON.stringify(positionals[1])}`);
    }
    const filter = eventFilter(values);
    const limit = limitOption(values.limit);
    const around = values.around === undefined ? null : integerOption('around', values.around, 0, 999_999_999_999_999);
    const firstViolation = values['first-violation'] ?? false;
    const json = values.json ?? false;
    if (around !== null && firstViolation) throw new UsageError('Give either --around or --first-violation, not both');
    const isPlain = filter.passesAll && around === null && !firstViolation && values.limit === undefined;

    if (values.sql !== undefined) {
      if (around !== null || firstViolation) {
        throw new UsageError('With --sql give --direction, --connection, --kind and --limit only');
      }
      checkStatement(values.sql);
      const { sql } = values;
      return withInput(file, io, async (input) => {
        await queryTrace(input, { sql, filter, limit, json }, io);
        return EXIT_OK;
      });
    }
    if (limit === null && (json || around !== null || firstViolation)) {
      throw new UsageError(
        '--limit all is for a plain list: give a number with --json, --around and --first-violation',
      );
    }
    if (isPlain && !json) {
      return withInput(file, io, async (input) => {
        await showTrace(input, io);
        return EXIT_OK;
      });
    }
    return withInput(file, io, async (input) => {
      const found = await listEvents(input, { filter, limit, around, firstViolation, json }, io);
      return firstViolation && found ? EXIT_FAILED : EXIT_OK;
    });
  },
};

/** Null is no limit. */
function limitOption(text: string | undefined): number | null {
  if (text === 'all') return null;
  return text === undefined ? DEFAULT_LIMIT : integerOption('limit', text, 1, MAX_LIMIT);
}

function columnLines(): string {
  const lines = [''];
  for (const name of EVENT_COLUMNS) {
    const last = lines.at(-1) ?? '';
    if (last.length + name.length > 90) lines.push(name);
    else lines[lines.length - 1] = last === '' ? name : `${last}, ${name}`;
  }
  return lines.map((line) => `${' '.repeat(22)}${line}`).join('\n');
}
