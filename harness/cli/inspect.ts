import { showCapture, DEFAULT_FLOWS } from '../capture/report/show-capture.ts';
import { DEFAULT_JSON_ENTRIES, showFlow } from '../capture/report/show-flow.ts';
import { DEFAULT_LIMIT, listEvents } from '../report/list-events.ts';
import { traceInput, withSource, type Source, type TraceInput } from '../report/open-input.ts';
import { EVENT_COLUMNS, MAX_QUERIED_EVENTS } from '../report/trace-tables.ts';
import { queryTrace } from '../report/query-trace.ts';
import { showTrace } from '../report/show-trace.ts';
import { EXIT_FAILED, EXIT_OK, type Command, type Io } from './command.ts';
import { inspectOptions, unlimited, type InspectOptions } from './inspect-options.ts';
import { UsageError } from './usage-error.ts';

export const inspect: Command = {
  summary: 'what a trace or a packet capture holds: how it ended, the steps before trouble, who said what when',
  help: `Usage: relayscope inspect [options] FILE

FILE is a .trace, its NDJSON twin, or text that a patched program has printed (lines with a direction and pos, cap,
read_done in any order and spelling), or a packet capture (below); - is the standard input. Without options the first screen says what was recorded,
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
                      "sockets","warnings","end","firstViolation","findings","loop","events":[…],"leftOut"}; with
                      --sql {"schema":1,"columns","rows","cut"}

Of a packet capture (pcap, pcapng, either packed with gzip or zstd, what tcpdump -X prints) the first screen has its flows,
that is TCP connections: who, which protocols, bytes, messages, what is missing, how each side ended, and a time line.

  --flow N            the whole time line of one flow
  --limit N           so many flows (default ${DEFAULT_FLOWS}; with --json all); with --flow the latest entries (default all; with
                      --json ${DEFAULT_JSON_ENTRIES.toLocaleString('en')})
  --text              how texts begin, too: what people say, passwords among it
  --json              one JSON object: {"schema":1,"flows":[{"id","client","server","protocols",
                      "aToB":{"bytes","gaps":[{"offset","length","reason"}],"frames","messages","end","closeCode",…},
                      "bToA":{…},…}],"file","format","packets","notTcp","cut","error",…}; a is the client

Example: relayscope inspect traces/off-by-one.trace
         relayscope inspect capture.pcap --flow 1
         relayscope inspect traces/off-by-one.trace --sql "SELECT kind, count(*) FROM events GROUP BY kind"
Exit code 0; 1: --first-violation has found one; 2: wrong usage, or a file that cannot be read.
`,
  async run(args, io) {
    const options = inspectOptions(args);
    return withSource(options.file, io, async (source) => {
      if (source.kind.kind === 'capture') return ofCapture(source, options, io);
      return ofTrace(traceInput(source, ', or a capture (pcap, pcapng, the output of tcpdump -X)'), options, io);
    });
  },
};

async function ofCapture(source: Source, { capture, json, traceOnly }: InspectOptions, io: Io): Promise<number> {
  if (traceOnly !== null)
    throw new UsageError(
      `${traceOnly} is for traces, and ${source.name} is a capture: expected --flow, --limit, --text, --json`,
    );
  const { flow } = capture;
  if (flow === null) await showCapture(source, { ...capture, json }, io);
  else await showFlow(source, { ...capture, id: flow, json }, io);
  return EXIT_OK;
}

async function ofTrace(input: TraceInput, { trace, json, captureOnly }: InspectOptions, io: Io): Promise<number> {
  if (captureOnly !== null)
    throw new UsageError(
      `${captureOnly} is for captures, and ${input.name} is a trace: its connections have --connection`,
    );
  const { filter, view } = trace;
  switch (view.kind) {
    case 'screen':
      await showTrace(input, io);
      return EXIT_OK;
    case 'sql':
      await queryTrace(input, { ...view, filter, json }, io);
      return EXIT_OK;
    case 'events': {
      if (view.limit === null && json) throw unlimited();
      const found = await listEvents(input, { ...view, filter, json }, io);
      return view.firstViolation && found ? EXIT_FAILED : EXIT_OK;
    }
  }
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
