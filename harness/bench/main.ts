import { RelayscopeError } from '../../src/errors.ts';
import { EXIT_OK, EXIT_USAGE } from '../cli/command.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Io } from '../io.ts';
import { runProcess } from '../run-process.ts';
import type { Bench } from './bench.ts';
import { capture } from './capture.ts';
import { freeze } from './freeze.ts';
import { guard } from './guard.ts';
import { healthy } from './healthy.ts';
import { inspect } from './inspect.ts';
import { record } from './record.ts';
import { relay } from './relay.ts';
import { runs } from './runs.ts';
import { why } from './why.ts';

/** Every benchmark, in the order in which the help lists them. */
const BENCHES: readonly Bench[] = [relay, record, freeze, guard, inspect, why, runs, capture, healthy];

const OVERVIEW = `Usage: npm run bench -- NAME [options]

Benchmarks:
${BENCHES.map(({ name, summary }) => `  ${name.padEnd(8)}  ${summary}\n`).join('')}
npm run bench -- NAME --help says more of each. docs/benchmarks.md has figures, and how to read them.
`;

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

await runProcess(runBench);
