import { examineCapture } from '../capture/doctor/examine-capture.ts';
import { printable } from '../../src/printable.ts';
import { captureSource } from './capture-source.ts';
import { EXIT_FAILED, EXIT_OK, type Command } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

export const doctor: Command = {
  summary: 'what is wrong with a packet capture itself, and the tcpdump command that gets it right',
  help: `Usage: relayscope doctor [--json] CAPTURE

Looks at a capture (pcap, pcapng, either packed with gzip or zstd, or what tcpdump -X prints; - is the standard input)
for what keeps it from telling the whole story, and says how to take it again:

  one-direction      only what one side sent, as with a filter "dst port 8080"
  snap-length        packets cut before their end
  dropped            packets that the capturing program lost: by its own count, or acknowledged and not there
  started-late       connections that began before the capture
  stopped-early      connections that are still open at its end, or a file that ends in the middle of a packet
  duplicates         packets captured more than once, as with -i any
  offload            packets longer than Ethernet carries, or without a length
  nothing-to-follow  no TCP

Checksums are not looked at: who sends often leaves them to the card, and on loopback nobody fills them in.

  --json             one JSON object: {"schema":1,"file","format","packets","flows","findings":[{"code","message","count"}],
                     "command","error"}; command is null if nothing is wrong

Example: relayscope doctor afternoon.pcap
Exit code 0: nothing is wrong; 1: there are findings; 2: wrong usage, or a file that cannot be read.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
    const [file] = positionals;
    if (file === undefined || file === '') throw new UsageError('No file: expected a capture, or - for standard input');
    if (positionals.length > 1)
      throw new UsageError(`Unexpected argument: expected one file, got also ${JSON.stringify(positionals[1])}`);
    const name = file === '-' ? 'standard input' : printable(file);
    const input = { name, bytes: captureSource(file, io) };
    const found = await examineCapture(input, { json: values.json ?? false }, io);
    return found ? EXIT_FAILED : EXIT_OK;
  },
};
