import { RelayscopeError } from '../../src/errors.ts';
import { EXIT_OK, EXIT_USAGE } from '../cli/command.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Io, Output } from '../io.ts';
import type { Bench } from './bench.ts';
import { relay } from './relay.ts';

/** Every benchmark, in the order in which the help lists them. */
const BENCHES: readonly Bench[] = [relay];

const OVERVIEW = `Usage: npm run bench -- NAME [options]

Benchmarks:
${BENCHES.map(({ name, summary }) => `  ${name}  ${summary}\n`).join('')}
npm run bench -- NAME --help says more of each. docs/benchmarks.md has figures, and how to read them.
`;

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGQUIT: 3 } as const;

async function runBench([name, ...rest]: readonly string[], io: Io): Promise<number> {
  try {
    if (name === undefined || name === '--help' || name === '-h') {
      (name === undefined ? io.stderr : io.stdout).write(OVERVIEW);
      return name === undefined ? EXIT_USAGE : EXIT_OK;
    }
    const bench = BENCHES.find((one) => one.name === name);
    if (bench === undefined) {
      const known = BENCHES.map((one) => one.name).join(', ');
      throw new UsageError(`Unknown benchmark: expected one of ${known}, got ${JSON.stringify(name)}`);
    }
    if (rest.includes('--help') || rest.includes('-h')) {
      io.stdout.write(bench.help);
      return EXIT_OK;
    }
    return await bench.run(rest, io);
  } catch (error) {
    if (!(error instanceof RelayscopeError)) throw error;
    io.stderr.write(`bench: ${error.message} [${error.code}]\n`);
    return EXIT_USAGE;
  }
}

const stop = new AbortController();
let signalled = 0;
for (const [name, number] of Object.entries(SIGNALS)) {
  process.on(name, () => {
    // Asked twice, it no longer waits for a tidy end; the relays end by themselves when this process is gone.
    if (signalled !== 0) process.exit(128 + number);
    signalled = number;
    stop.abort();
  });
}

function output(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTTY: stream.isTTY,
  };
}

const code = await runBench(process.argv.slice(2), {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  env: process.env,
  signal: stop.signal,
});
process.exitCode = signalled === 0 ? code : 128 + signalled;
