import { fork } from 'node:child_process';
import { once } from 'node:events';
import { siblingModule } from '../../src/sibling-module.ts';
import { EXIT_FAILED, EXIT_OK } from '../cli/command.ts';
import { integerOption, parseOptions } from '../cli/parse-options.ts';
import type { Io } from '../io.ts';
import type { Bench } from './bench.ts';
import { rotated } from './ratio.ts';
import { runsReport, runsText, type RunsRounds } from './runs-report.ts';
import { RUNS_VARIANTS, type RunsMeasurement, type RunsVariant } from './runs-variant.ts';

const DEFAULT_ROUNDS = 5;

export const runs: Bench = {
  name: 'runs',
  summary: 'runs in memory a second, with trace and laws, against a bare hand-written loop',
  help: `Usage: npm run bench -- runs [--rounds N] [--json]

How many runs of a scenario (68 bytes up, 302 down, three polls, dialect tokio-1.53.1) one core makes in a second: with trace
and laws, without the trace, and against a loop written by hand for this one purpose, which checks nothing. Each figure comes
from processes of its own, one for each round, in another order each time; a process tells the fastest of 1,500 batches.

  --rounds N   how many rounds, from 1 to 1000 (default ${DEFAULT_ROUNDS})
  --json       print one JSON object: {"schema":1,"runsPerSecond","shareOfBareLoop",…}

Example: npm run --silent bench -- runs --json
Takes some five seconds a round. Exit code 0 whatever the figures are; 1: it was stopped.
`,
  async run(args, io) {
    const { values } = parseOptions(args, { rounds: { type: 'string' }, json: { type: 'boolean' } });
    const rounds = values.rounds === undefined ? DEFAULT_ROUNDS : integerOption('rounds', values.rounds, 1, 1000);
    const measured = await measure(rounds, io);
    if (measured === null) return EXIT_FAILED;
    const report = runsReport(measured, process.version);
    io.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : runsText(report));
    return EXIT_OK;
  },
};

/** Null if it was told to stop. */
async function measure(rounds: number, io: Io): Promise<RunsRounds | null> {
  const measured: Record<RunsVariant, RunsMeasurement[]> = { bare: [], traced: [], untraced: [] };
  for (let round = 1; round <= rounds; round += 1) {
    if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Kround ${round} of ${rounds}`);
    for (const variant of rotated(RUNS_VARIANTS, round)) {
      const result = await measureVariant(variant, io.signal);
      if (result === null) return null;
      measured[variant].push(result);
    }
  }
  if (io.stderr.isTTY) io.stderr.write('\r\u001b[K');
  return measured;
}

/** Null if it was told to stop. */
async function measureVariant(variant: RunsVariant, signal: AbortSignal): Promise<RunsMeasurement | null> {
  const told: RunsMeasurement[] = [];
  try {
    const child = fork(siblingModule(import.meta.url, 'runs-process'), [variant], { execArgv: [], signal });
    // The protocol is ours on both sides: runs-process.ts.
    child.on('message', (message) => told.push(message as RunsMeasurement));
    const [code] = (await once(child, 'exit')) as [number | null];
    const [result] = told;
    if (code === 0 && result !== undefined) return result;
    throw new Error(`Measuring ${variant} failed: code ${code}`);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
