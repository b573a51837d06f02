import { withSource } from '../report/open-input.ts';
import type { Command } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { replayCapture } from './replay-capture.ts';
import { CAPTURE_OPTIONS } from './replay-options.ts';
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
  --tunnel           with real sockets through our tunnel, on the loopback; --dialect and --faults act there too
  --adapter NAME     right (default), or off-by-one, the story's, which counts its own header
  --through HOST:PORT   with real sockets through a relay of somebody else, from a client of ours to a server of ours
  --via KIND         what that relay speaks to clients: plain (default), socks5, websocket
  --listen HOST:PORT where our server listens, and the relay leads to (socks5: it is told; default 127.0.0.1, any port)
  --limit-ms N       nothing has come of it for so long: it is parked (default 15000 with --tunnel, 5000 with --through)
  --json             one JSON object: {"schema":1,"capture","flow","flows","level","through","verdict","outcome",
                     "direction","code","counts","waits","aToB":{"said","arrived","parts","missing"},"bToA":{…},"notes"}; "parts"
                     is null or {"kind":"end|gap|duplicate|swap|other|surplus","offset","length"}

Example: relayscope replay afternoon.pcap --flow 2 --dialect tokio-1.12.0 --faults plan.yaml
         relayscope replay afternoon.pcap --tunnel --adapter off-by-one --dialect tokio-1.12.0
         relayscope replay afternoon.pcap --through 127.0.0.1:1080 --via socks5
Exit code 0: the same; 1: it differs; 2: wrong usage, or a file that cannot be read; 3: it got stuck.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { ...CAPTURE_OPTIONS, json: { type: 'boolean' } });
    const [file] = positionals;
    if (file === undefined || file === '') throw new UsageError('No file: expected a capture, or - for standard input');
    if (positionals.length > 1)
      throw new UsageError(`Unexpected argument: expected one file, got also ${JSON.stringify(positionals[1])}`);
    return withSource(file, io, async (source) => {
      const { kind } = source;
      if (kind.kind !== 'capture')
        throw new UsageError(
          `Not a capture: expected pcap, pcapng or the output of tcpdump -X, got ${kind.kind === 'stranger' ? kind.what : `a trace or other text`}`,
        );
      return replayCapture(source, values, io);
    });
  },
};
