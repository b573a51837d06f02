import { runDemo } from '../demo/run-demo.ts';
import { EXIT_FAILED, EXIT_OK, type Command } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

/** A host name by RFC 1123, its last label no number: what ends in one is read as an address, and rewritten. */
const HOST =
  /^(?=.{1,200}$)(?!(?:.*\.)?(?:\d+|0x[\da-f]*)$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

export const demo: Command = {
  summary: 'the hang that this tool comes from: reproduced, seen, explained, gone',
  help: `Usage: relayscope demo [--host NAME] [--traces FOLDER] [--json]

Tells in seven steps, with real sockets and the real curl, how a tunnel hung whose WebSocket adapter counted its own
header: each relay runs in a Worker, is watched from outside, and is ended when it no longer turns. No name is looked
up and nothing leaves this machine. Takes a few seconds.

  --host NAME       the host that is asked for (default t.cn); all numbers follow its length
  --traces FOLDER   where the traces are written (default traces)
  --json            print one JSON object: {"schema":1,"client","ok","differences":[…],"steps":[…]}; a step has "name"
                    and "outcome", and where it applies "direction", "pos", "cap", "read_done", "iterations",
                    "offered", "reported", "status", "aToB", "bToA", "verdictMs", "stack", "locals", "code",
                    "message", "trace", "findings" and more

Example: relayscope demo --host example.org
Exit code 0: every step came out as told; 1: one did not.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      host: { type: 'string', default: 't.cn' },
      traces: { type: 'string', default: 'traces' },
      json: { type: 'boolean', default: false },
    });
    if (positionals.length > 0)
      throw new UsageError(`Unexpected argument: expected none, got ${JSON.stringify(positionals[0])}`);
    if (values.traces === '') throw new UsageError('Wrong --traces: expected a folder, got ""');
    if (!HOST.test(values.host))
      throw new UsageError(`Wrong --host: expected a host name in ASCII, got ${JSON.stringify(values.host)}`);
    const ok = await runDemo({ host: values.host, tracesFolder: values.traces, json: values.json }, io);
    return ok ? EXIT_OK : EXIT_FAILED;
  },
};
