import { isTraceFile } from './capture-source.ts';
import type { Command } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { CAPTURE_OPTIONS, replayCapture } from './replay-capture.ts';
import { UsageError } from './usage-error.ts';

export const replay: Command = {
  summary: 'drives a relay with what the two sides of a captured connection said, and compares what arrives',
  help: `Usage: relayscope replay [options] CAPTURE

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
  --json             one JSON object: {"schema":1,"capture","flow","flows","level","through","verdict","outcome",
                     "direction","code","waits","aToB":{"said","arrived","parts","missing"},"bToA":{…},"notes"}; "parts"
                     is null or {"kind":"end|gap|duplicate|swap|other|surplus","offset","length"}

Example: relayscope replay afternoon.pcap --flow 2 --dialect tokio-1.12.0 --faults plan.yaml
Exit code 0: the same; 1: it differs; 2: wrong usage, or a file that cannot be read; 3: it got stuck.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { ...CAPTURE_OPTIONS, json: { type: 'boolean' } });
    const [file] = positionals;
    if (file === undefined || file === '') throw new UsageError('No file: expected a capture, or - for standard input');
    if (positionals.length > 1)
      throw new UsageError(`Unexpected argument: expected one file, got also ${JSON.stringify(positionals[1])}`);
    if (await isTraceFile(file))
      throw new UsageError(`Not a capture: expected pcap, pcapng or the output of tcpdump -X, got a trace`);
    return replayCapture(file, values, io);
  },
};
