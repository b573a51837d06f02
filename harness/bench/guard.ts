import { EXIT_FAILED, EXIT_OK } from '../cli/command.ts';
import { integerOption, parseOptions } from '../cli/parse-options.ts';
import type { Io } from '../io.ts';
import type { Bench } from './bench.ts';
import { buildPackage } from './build-package.ts';
import { GuardProjects, LIMIT_MS, TESTS, WORKERS, type GuardVariant } from './guard-projects.ts';
import { guardReport, guardText, type GuardRound } from './guard-report.ts';

const DEFAULT_ROUNDS = 7;

export const guard: Bench = {
  name: 'guard',
  summary: 'The guard against stuck tests: what it costs a worker and a test, and how soon it tells',
  help: `Usage: npm run bench -- guard [--rounds N] [--json]

What the guard adds to vitest (pool forks), as the one setup file, out of the built package: the same projects are run with it and
without, turn about. A worker: processor time, of all its threads from its start on, and resident memory, half a second after; the
median of ${WORKERS} workers. A test: processor time of the worker's main thread for one of ${TESTS} empty tests in a file. Then a
test that spins: the time on the clock from the moment when its limit of ${LIMIT_MS} ms is over to the verdict on the terminal, and
to the end of vitest.

  --rounds N    from 1 to 1000 (default ${DEFAULT_ROUNDS}); one before them warms up and is not counted
  --json        print one JSON object: schema, msPerWorker, mebibytesPerWorker, microsPerTest, verdictMs, endMs

Example: npm run --silent bench -- guard --json --rounds 21
Takes about half a minute a round. Exit code 0 whatever the figures are; 1: it was stopped.
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      rounds: { type: 'string' },
      json: { type: 'boolean' },
    });
    const count = values.rounds === undefined ? DEFAULT_ROUNDS : integerOption('rounds', values.rounds, 1, 1000);
    const built = buildPackage();
    const projects = {
      without: new GuardProjects('without', built.dist),
      guarded: new GuardProjects('guarded', built.dist),
    };
    const rounds: GuardRound[] = [];
    try {
      for (let round = 0; round <= count && !io.signal.aborted; round += 1) {
        if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Kround ${round} of ${count}`);
        const measured = await measure(projects, round);
        if (round > 0) rounds.push(measured);
      }
    } finally {
      projects.without.remove();
      projects.guarded.remove();
      built.remove();
    }
    return tell(rounds, values.json === true, io);
  },
};

function tell(rounds: readonly GuardRound[], isJson: boolean, io: Io): number {
  if (io.stderr.isTTY) io.stderr.write('\r\u001b[K');
  if (io.signal.aborted) return EXIT_FAILED;
  const report = guardReport(rounds, process.version);
  io.stdout.write(isJson ? `${JSON.stringify(report)}\n` : guardText(report));
  return EXIT_OK;
}

async function measure(projects: Readonly<Record<GuardVariant, GuardProjects>>, round: number): Promise<GuardRound> {
  const each = async <T>(of: (one: GuardProjects) => Promise<T>): Promise<Record<GuardVariant, T>> => {
    const guardedFirst = round % 2 === 1;
    const first = await of(guardedFirst ? projects.guarded : projects.without);
    const second = await of(guardedFirst ? projects.without : projects.guarded);
    return guardedFirst ? { guarded: first, without: second } : { guarded: second, without: first };
  };
  const use = await each((one) => one.workerUse());
  const testMicros = await each((one) => one.testMicros());
  const { verdict, end } = await projects.guarded.verdictMs();
  return {
    cpuMs: { without: use.without.cpuMs, guarded: use.guarded.cpuMs },
    rssBytes: { without: use.without.rssBytes, guarded: use.guarded.rssBytes },
    testMicros,
    verdictMs: verdict,
    endMs: end,
  };
}
