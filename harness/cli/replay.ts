import { traceInput, withSource } from '../report/open-input.ts';
import type { Command } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { replayCapture } from './replay-capture.ts';
import { CAPTURE_OPTIONS } from './replay-options.ts';
import { replayTraceFile, TRACE_OPTIONS } from './replay-trace.ts';
import { UsageError } from './usage-error.ts';

export const replay: Command = {
  summary: 'drives a relay with what a capture or a trace has recorded, and compares what comes of it',
  help: `Usage: relayscope replay [options] CAPTURE
       relayscope replay [options] TRACE

Reads one TCP connection of a capture (pcap, pcapng, packed or not, or the output of tcpdump -X; - is the standard
input), and lets a relay carry it again: each side says what it said then, and what it said only after it had got
something waits for that. What arrives is compared with what was captured, byte for byte. By default it goes in memory
through the engine, on a clock of its own. See docs/replay.md in the repository.

  --flow N           the connection, by its number (default: the first that says something)
  --level LEVEL      what of it is replayed: tcp, its bytes as they are; socks, those after the handshake with a proxy;
                     websocket, the payload of its messages; tunnel, that of our tunnel's messages within them (default:
                     the innermost that it has; of one direction only, tcp)
  --rhythm           with the pauses of the capture too (default: as fast as it goes)
  --dialect NAME     checked (default), or a tokio release such as tokio-1.24.1
  --faults PLAN      with what a fault plan breaks
  --tunnel           with real sockets through our tunnel, on the loopback; --dialect and --faults act there too
  --adapter NAME     right (default), or off-by-one, the story's, which counts its own header
  --through HOST:PORT   with real sockets through a relay of somebody else, from a client of ours to a server of ours
  --via KIND         what that relay speaks to clients: plain (default), socks5, websocket
  --listen HOST:PORT where our server listens, and the relay leads to (socks5: it is told; default 127.0.0.1, any port)
  --limit-ms N       nothing has come of it for so long: it is parked (default 15000 with --tunnel, 5000 with --through)
  --as-scenario FILE.md   write it as a scenario document that expects what comes of it now, with long payload in files
                     beside it, and run it from there; --redact: with as many bytes of the seed's instead of what was
                     said; --force: replace what is there
  --json             one JSON object: {"schema":1,"capture","flow","flows","level","through","verdict","outcome",
                     "direction","code","counts","waits","aToB":{"said","arrived","parts","missing"},"bToA":{…},"notes",
                     "scenario"}; "parts" is null or {"kind":"end|gap|duplicate|swap|other|surplus","offset","length"}

Of a trace (.trace, NDJSON, or the text that a patched program has printed) it drives the engine with what each side
answered, call by call, in virtual time: would it have hung in another release, or in checked?

  --connection N     the connection (default: that of the verdict, else the first that has not completed)
  --dialect NAME     may come again; all: a release of each family, and checked (default: the trace's own, else all)
  --as-scenario FILE.md  writes it as a scenario document that expects what the replay came to
  --force            replaces FILE.md if it is there
  --json             one JSON object: {"schema":1,"trace","connection","connections","missing","recorded":{"dialect",
                     "outcome","direction","code","by"},"assumptions","replays":[{"dialect","releases","outcome",
                     "direction","code","message","counts","delivered","polls","elapsedMs","waits","agrees","isStuck",
                     "isAtItsEnd","sameSteps","departure","beyond"}]}

Example: relayscope replay afternoon.pcap --flow 2 --dialect tokio-1.12.0 --faults plan.yaml
         relayscope replay afternoon.pcap --tunnel --adapter off-by-one --dialect tokio-1.12.0
         relayscope replay afternoon.pcap --through 127.0.0.1:1080 --via socks5
         relayscope replay traces/off-by-one.trace --dialect all
Exit code 0: the same (a trace: as recorded in its own dialect, if that is among them); 1: it differs; 2: wrong usage, or
a file that cannot be read; 3: it got stuck (a trace: in a dialect, and what was recorded was not).
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      ...CAPTURE_OPTIONS,
      ...TRACE_OPTIONS,
      json: { type: 'boolean' },
    });
    const [file] = positionals;
    if (file === undefined || file === '')
      throw new UsageError('No file: expected a capture or a trace, or - for standard input');
    if (positionals.length > 1)
      throw new UsageError(`Unexpected argument: expected one file, got also ${JSON.stringify(positionals[1])}`);
    const { connection, dialect = [], 'as-scenario': asScenario, force, json, ...capture } = values;
    return withSource(file, io, async (source) => {
      const { kind } = source.kind;
      if (kind === 'trace' || kind === 'ndjson' || kind === 'text') {
        refuse(capture, 'captures, and this is a trace');
        const trace = { connection, dialect, 'as-scenario': asScenario, force, json };
        return replayTraceFile(
          traceInput(source, ', or a capture (pcap, pcapng, the output of tcpdump -X)'),
          trace,
          io,
        );
      }
      if (source.kind.kind === 'stranger')
        throw new UsageError(
          `Not a capture, nor a trace: expected pcap, pcapng, the output of tcpdump -X, or a trace, got ${source.kind.what}`,
        );
      refuse({ connection }, 'traces, and this is a capture');
      if (dialect.length > 1) throw new UsageError('Wrong --dialect: expected one for a capture, got several');
      return replayCapture(source, { ...capture, 'as-scenario': asScenario, force, json, dialect: dialect[0] }, io);
    });
  },
};

function refuse(values: Readonly<Record<string, unknown>>, others: string): void {
  const given = Object.keys(values).find((name) => values[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} is for ${others}`);
}
