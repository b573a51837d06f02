import { printable } from '../../src/printable.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { writeWhole } from '../explore/write-whole.ts';
import { isSameFamily } from '../replay/dialect-family.ts';
import { recordedConnection } from '../replay/recorded-connection.ts';
import { ALL_DIALECTS, replayTrace, type TraceReplay } from '../replay/replay-trace.ts';
import { traceDocument } from '../replay/trace-document.ts';
import { traceReplayObject, traceReplayReport } from '../replay/trace-replay-report.ts';
import type { TraceInput } from '../report/open-input.ts';
import { Page } from '../report/page.ts';
import { jsonLine } from '../report/trace-json.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_STUCK, type Io } from './command.ts';
import { integerOption } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

/** What `replay` takes for a trace, beside --json. */
export const TRACE_OPTIONS = {
  connection: { type: 'string' },
  dialect: { type: 'string', multiple: true },
  'as-scenario': { type: 'string' },
  force: { type: 'boolean' },
} as const;

export interface TraceValues {
  readonly connection?: string | undefined;
  readonly dialect?: readonly string[] | undefined;
  readonly 'as-scenario'?: string | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const MAX_CONNECTION = 0x7fffffff;
/** Each is a run of its own. */
const MAX_DIALECTS = 100;

/** Replays one connection of a trace, and tells what came of it. @returns the exit code. */
export async function replayTraceFile(input: TraceInput, values: TraceValues, io: Io): Promise<number> {
  const asked =
    values.connection === undefined ? null : integerOption('connection', values.connection, 1, MAX_CONNECTION);
  const dialects = dialectOptions(values.dialect ?? []);
  const path = values['as-scenario'];
  if (path !== undefined && !path.endsWith('.md'))
    throw new UsageError(
      `Not a document: expected a name that ends in .md after --as-scenario, got ${JSON.stringify(path)}`,
    );
  const { name } = input;
  const connection = await recordedConnection(input.items, asked, io.signal);
  if (io.signal.aborted) return EXIT_FAILED;
  const replay = replayTrace(connection, dialects);
  if (path !== undefined) await writeDocument(path, traceDocument(replay, name), values.force ?? false);
  if (values.json === true) io.stdout.write(jsonLine(traceReplayObject(name, replay)));
  else {
    const page = new Page(io, { keepsOn: true });
    traceReplayReport(page, name, replay);
    if (path !== undefined) page.line(`relayscope run ${printable(path)}`);
    page.flush();
  }
  return exitOf(replay);
}

function exitOf({ dialect, replays }: TraceReplay): number {
  if (replays.some(({ isStuck }) => isStuck)) return EXIT_STUCK;
  const own = replays.find((replay) => isSameFamily(replay.dialect, dialect));
  return own === undefined || (own.agrees && own.departure === null) ? EXIT_OK : EXIT_FAILED;
}

function dialectOptions(named: readonly string[]): string[] {
  const dialects = named.flatMap((name) => (name === 'all' ? ALL_DIALECTS : [name]));
  if (dialects.length > MAX_DIALECTS)
    throw new UsageError(`Too many dialects: expected at most ${MAX_DIALECTS}, got ${dialects.length}`);
  // For its complaint about what is none.
  for (const dialect of dialects) resolveDialect(dialect);
  return dialects;
}

async function writeDocument(path: string, text: string, force: boolean): Promise<void> {
  if ((await writeWhole(path, text, { replace: force })) === 'kept')
    throw new RelayscopeError(
      'CAPSULE_UNWRITABLE',
      `Cannot write ${path}: it is there already, and --force is not given`,
    );
}
