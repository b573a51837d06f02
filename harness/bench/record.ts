import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { siblingModule } from '../../src/sibling-module.ts';
import { EXIT_FAILED, EXIT_OK } from '../cli/command.ts';
import { integerOption, parseOptions } from '../cli/parse-options.ts';
import type { Io } from '../io.ts';
import type { Bench } from './bench.ts';
import { rotated } from './ratio.ts';
import { recordReport, recordText, type RecordRounds } from './record-report.ts';
import { RECORD_VARIANTS, type RecordMeasurement, type RecordVariant } from './record-variant.ts';

const DEFAULT_ROUNDS = 5;

export const record: Bench = {
  name: 'record',
  summary: 'what recording costs: switched off, on, in a stuck loop; against console.log, pino and performance.mark',
  help: `Usage: npm run bench -- record [--rounds N] [--json]

What the recorder adds to the real engine: to its loop that reads and writes (against the same loop with no recorder, and
against the engine with its call sites cut out), and to the stuck loop of the story. Each figure comes from processes
of its own, one for each round, in another order each time; a process tells the fastest of 60 batches. Nanoseconds, net of
the loop around; less is better.

  --rounds N   how many rounds, from 1 to 1000 (default ${DEFAULT_ROUNDS})
  --json       print one JSON object: {"schema":1,"ns":{"off","on","stuck",…},"spread":{…},"heapBytes":{…},"rounds","node"}

Example: npm run --silent bench -- record --json
Takes about ten seconds a round. Exit code 0 whatever the figures are; 1: it was stopped.
`,
  async run(args, io) {
    const { values } = parseOptions(args, { rounds: { type: 'string' }, json: { type: 'boolean' } });
    const rounds = values.rounds === undefined ? DEFAULT_ROUNDS : integerOption('rounds', values.rounds, 1, 1000);
    const measured = await measure(rounds, io);
    if (measured === null) return EXIT_FAILED;
    const report = recordReport(measured, process.version);
    io.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : recordText(report));
    return EXIT_OK;
  },
};

/** Null if it was told to stop. */
async function measure(rounds: number, io: Io): Promise<RecordRounds | null> {
  const measured = Object.fromEntries(RECORD_VARIANTS.map((variant) => [variant, []])) as unknown as Record<
    RecordVariant,
    RecordMeasurement[]
  >;
  for (let round = 1; round <= rounds; round += 1) {
    if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Kround ${round} of ${rounds}`);
    for (const variant of rotated(RECORD_VARIANTS, round)) {
      const result = await measureVariant(variant, io.signal);
      if (result === null) return null;
      measured[variant].push(result);
    }
  }
  if (io.stderr.isTTY) io.stderr.write('\r\u001b[K');
  return measured;
}

/** Null if it was told to stop. */
async function measureVariant(variant: RecordVariant, signal: AbortSignal): Promise<RecordMeasurement | null> {
  const stdout = openSync(devNull, 'w');
  const told: RecordMeasurement[] = [];
  try {
    const child = fork(siblingModule(import.meta.url, 'record-process'), [variant], {
      stdio: ['ignore', stdout, 'inherit', 'ipc'],
      execArgv: [],
      signal,
    });
    // The protocol is ours on both sides: record-process.ts.
    child.on('message', (message) => told.push(message as RecordMeasurement));
    const [code] = (await once(child, 'exit')) as [number | null];
    const [result] = told;
    if (code === 0 && result !== undefined) return result;
    throw new Error(`Measuring ${variant} failed: code ${code}`);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    closeSync(stdout);
  }
}
