import { printable } from '../../src/printable.ts';
import { joinTrace } from '../join/join.ts';
import { joinObject } from '../join/join-json.ts';
import { joinReport } from '../join/join-report.ts';
import { withInput } from '../report/open-input.ts';
import { Page } from '../report/page.ts';
import { captureSource } from './capture-source.ts';
import { EXIT_OK, EXIT_USAGE, type Command } from './command.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

const MAX_NUMBER = 1_000_000_000;

export const join: Command = {
  summary:
    'a trace beside a capture of the same conversation: at socket, frame or copy buffer, where do the bytes stop',
  help: `Usage: relayscope join [options] TRACE CAPTURE

Puts one connection of a trace beside the flows of a capture (pcap, pcapng, either packed, tcpdump's text) that are its two
ends, and follows the bytes of each direction: from the socket, out of WebSocket frames and tunnel messages, through the
copy's buffer, to the other socket. Says where they stop, with the numbers. Either may be - for the standard input.

  --connection N  which connection of the trace (default: the one that its verdict is about, or the first that moved something)
  --flow N        which flow of the capture is one of its ends; may come twice (default: by addresses, by recorded
                  payload, or by when how many bytes came)
  --json          one JSON object: {"schema":1,"trace","capture","connection","flows","clock","verdict",
                  "directions":[{"direction","source","copy","target","stopsAt","message"}],"timeline","warnings"}

Example: relayscope join traces/off-by-one.trace demo.pcap
Exit code 0; 2: wrong usage, a file that cannot be read or only in part, or nothing in one that belongs to the other.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      connection: { type: 'string' },
      flow: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    });
    const [trace, capture] = positionals;
    if (trace === undefined || capture === undefined || positionals.length > 2)
      throw new UsageError(`Wrong files: expected a trace and a capture, got ${positionals.length} names`);
    if (trace === '-' && capture === '-')
      throw new UsageError('Wrong files: expected one of them at most from the standard input');
    const connection =
      values.connection === undefined ? null : integerOption('connection', values.connection, 1, MAX_NUMBER);
    const flows = (values.flow ?? []).map((text) => integerOption('flow', text, 1, MAX_NUMBER));
    if (flows.length > 2) throw new UsageError('Wrong --flow: expected at most two, one for each end');
    const captureName = capture === '-' ? 'standard input' : printable(capture);
    return withInput(trace, io, async ({ items, name }) => {
      const source = captureSource(capture, io);
      const joined = await joinTrace({ trace: items, capture: source, connection, flows, signal: io.signal });
      if (io.signal.aborted) return EXIT_OK;
      const names = { trace: name, capture: captureName };
      for (const warning of joined.warnings) io.stderr.write(`relayscope: warning: ${printable(warning)}\n`);
      const page = new Page(io);
      if (values.json === true) io.stdout.write(`${JSON.stringify(joinObject(names, joined))}\n`);
      else joinReport(page, names, joined);
      page.flush();
      const { failure } = joined;
      if (failure === null) return EXIT_OK;
      io.stderr.write(`relayscope: ${printable(`${captureName}: ${failure.message}`)} [${failure.code}]\n`);
      return EXIT_USAGE;
    });
  },
};
