import { printable } from '../../src/printable.ts';
import { TraceError } from '../../src/trace/file/trace-error.ts';
import { diagnoseTrace } from '../report/diagnose-trace.ts';
import { thousands } from '../report/format-number.ts';
import type { NoteCollector } from '../report/note-collector.ts';
import { withInput } from '../report/open-input.ts';
import { Page } from '../report/page.ts';
import { jsonLine } from '../report/trace-json.ts';
import { unexplained } from '../report/unexplained.ts';
import { whyJson } from '../report/why-json.ts';
import { WhyScreen } from '../report/why-screen.ts';
import { EXIT_FAILED, EXIT_OK, type Command } from './command.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

const MAX_CONNECTION = 0x7fffffff;

export const why: Command = {
  summary: 'what is wrong with the relay that a trace is of: the name of it, the event that proves it, where to look',
  help: `Usage: relayscope why [options] FILE

FILE is a .trace, its NDJSON twin, or text that a patched program has printed (lines with a direction and pos, cap,
read_done in any order and spelling); - is the standard input. Names what is wrong with each copy, out of 44 classes
(relayscope list findings): the direction, the event that proves it with a few around it, the numbers, what to look at
in the code, and where the same has been seen before. What the trace cannot show is said, too.

  --connection N   only what is wrong with this connection
  --all            each finding in full, and each class that this trace cannot show with the events that it would need
  --json           one JSON object: {"schema":1,"file","format","about","counts","verdict","stack",
                   "findings":[{"class","connection","direction","half","seq","evidence","meaning","lookAt","seeAlso",
                   "confidence","readings","more","consequences","around":[…]}],"leftOut",
                   "failed":[{"connection","code","aToB","bToA"}],"notJudged","warnings"}; failed: those that failed
                   with so many bytes read and not delivered

Example: relayscope why traces/off-by-one.trace
         relayscope tap --listen 9000 --to 127.0.0.1:80 --trace traces/tap.trace; relayscope why traces/tap.trace
Exit code 0: nothing is found wrong; 1: there are findings, or an outcome that none explains;
2: wrong usage, or a file that cannot be read.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      connection: { type: 'string' },
      all: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const [file] = positionals;
    if (file === undefined || file === '') throw new UsageError('No file: expected a trace, or - for standard input');
    if (positionals.length > 1)
      throw new UsageError(`Unexpected argument: expected one file, got also ${JSON.stringify(positionals[1])}`);
    const connection =
      values.connection === undefined ? null : integerOption('connection', values.connection, 0, MAX_CONNECTION);
    return withInput(file, io, async (input) => {
      const trace = await diagnoseTrace(file, input, io);
      if (trace === null) return EXIT_FAILED;
      // Nobody who has looked at nothing may say that all is well.
      if (trace.events === 0 && trace.notes.verdicts.count === 0) throw noEvents(input.name, trace.notes);
      if (connection !== null && !trace.knows(connection))
        throw new UsageError(`No connection ${connection}: the trace has ${thousands(trace.connections)}`);
      const findings = trace.findings.filter((one) => connection === null || one.connection === connection);
      if (values.json === true) io.stdout.write(jsonLine(whyJson(input, trace, findings)));
      else {
        const page = new Page(io);
        new WhyScreen(page, input, trace, { connection, all: values.all ?? false }).show(findings);
        page.flush();
      }
      const isHealthy = findings.length === 0 && unexplained(trace, findings, connection) === null;
      return isHealthy ? EXIT_OK : EXIT_FAILED;
    });
  },
};

function noEvents(path: string, { warnings }: NoteCollector): TraceError {
  const [warning] = warnings.kept;
  const because = warning === undefined ? '' : ` (${printable(warning)})`;
  return new TraceError('TRACE_MALFORMED', `${path}: expected events of a copy, got none${because}`, { path });
}
