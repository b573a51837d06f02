import { systemClock } from '../../src/poll/clock.ts';
import { EXIT_FAILED, EXIT_OK } from '../cli/command.ts';
import { integerOption, parseOptions } from '../cli/parse-options.ts';
import type { Io } from '../io.ts';
import type { Bench } from './bench.ts';
import { startBurners } from './burners.ts';
import { FreezeChild, type ArrivedVerdict } from './freeze-child.ts';
import { FREEZE_KINDS, isExpected, STUCK_KINDS, type FreezeKind } from './freeze-kind.ts';
import { freezeReport, freezeText, type FreezeMeasurements } from './freeze-report.ts';

const DEFAULT_ROUNDS = 7;
const DEFAULT_SECONDS = 60;
const BURNERS = 6;
const SUSPENSIONS = 10;
const SUSPENDED_MS = 700;
const RESUMED_MS = 400;
const LIMIT_MS = 250;
/** No verdict by then is a missing one. */
const VERDICT_TIMEOUT_MS = 10_000;

export const freeze: Bench = {
  name: 'freeze',
  summary: 'The watchdog: time from the limit to the verdict for each kind of stuck, and false alarms',
  help: `Usage: npm run bench -- freeze [--rounds N] [--seconds S] [--json]

Time to verdict: a program in a process of its own, watched from within (watchProgram), gets stuck in each of six ways;
counted is the time from the moment when the limit of ${LIMIT_MS} ms is over until the verdict has arrived here. It must be within
100 ms, and be the right verdict: what is wrong or missing is told apart.
False alarms: the same program relays honestly over loopback, while ${BURNERS} processes use all the processor they can get; then
while it is suspended and resumed (SIGSTOP, SIGCONT) ${SUSPENSIONS} times. Any verdict is a false alarm.

  --rounds N    how often each way is taken, from 0 to 1000 (default ${DEFAULT_ROUNDS})
  --seconds S   how long under the burners, from 0 to 86400 (default ${DEFAULT_SECONDS})
  --json        print one JSON object: schema, verdictMs, wrong, falseAlarms

Example: npm run --silent bench -- freeze --json --rounds 21
Takes about one second a round and way, then S and about 15 seconds. Exit code 0 whatever the times are; 1: a verdict was
wrong or missing, there was a false alarm, or it was stopped.
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      json: { type: 'boolean' },
    });
    const rounds = values.rounds === undefined ? DEFAULT_ROUNDS : integerOption('rounds', values.rounds, 0, 1000);
    const seconds =
      values.seconds === undefined ? DEFAULT_SECONDS : integerOption('seconds', values.seconds, 0, 86_400);
    const measured: FreezeMeasurements = {
      limitMs: LIMIT_MS,
      ...(await verdictTimes(rounds, io)),
      burners: BURNERS,
      seconds,
      underBurners: await underBurners(seconds, io),
      suspensions: SUSPENSIONS,
      suspended: await suspended(io),
    };
    if (io.stderr.isTTY) io.stderr.write('\r\u001b[K');
    if (io.signal.aborted) return EXIT_FAILED;
    const report = freezeReport(measured);
    io.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : freezeText(report));
    const { falseAlarms, wrong } = report;
    const failed = wrong + falseAlarms.underBurners.verdicts + falseAlarms.suspended.verdicts;
    return failed === 0 ? EXIT_OK : EXIT_FAILED;
  },
};

async function verdictTimes(rounds: number, io: Io): Promise<Pick<FreezeMeasurements, 'verdictMs' | 'wrong'>> {
  const verdictMs: Record<(typeof STUCK_KINDS)[number], number[]> = {
    spin: [],
    microtask: [],
    blocked: [],
    livelock: [],
    parked: [],
    busy: [],
  };
  const wrong: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const kind of STUCK_KINDS) {
      if (io.signal.aborted) return { verdictMs, wrong };
      if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Kround ${round} of ${rounds}: ${kind}`);
      const child = new FreezeChild(kind);
      const giveUp = systemClock.after(VERDICT_TIMEOUT_MS, () => void child.end());
      try {
        const start = await child.started;
        const arrived = await rightVerdict(kind, child);
        if (typeof arrived === 'string') wrong.push(`${kind}: ${arrived}`);
        else verdictMs[kind].push(arrived.epochMs - start.epochMs - LIMIT_MS);
      } finally {
        giveUp();
        await child.end();
      }
    }
  }
  return { verdictMs, wrong };
}

/** The first verdict that says all that this kind must be told; what came instead, if another outcome did. */
async function rightVerdict(kind: FreezeKind, child: FreezeChild): Promise<ArrivedVerdict | string> {
  for (let number = 0; ; number += 1) {
    const arrived = await child.verdict(number);
    if (arrived === null) return 'no verdict';
    const { verdict } = arrived;
    if (isExpected(kind, verdict)) return arrived;
    // The same outcome may be told once more, when there is a stack to tell it by.
    if (verdict.outcome !== FREEZE_KINDS[kind]?.outcome) return `${verdict.outcome}: ${verdict.message}`;
  }
}

/** The messages of false alarms. */
async function underBurners(seconds: number, io: Io): Promise<string[]> {
  if (seconds === 0) return [];
  const stop = startBurners(BURNERS);
  try {
    return await alarms(io, async () => {
      for (let second = 0; second < seconds && !io.signal.aborted; second += 1) {
        if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Kunder ${BURNERS} burners: ${second} of ${seconds} s`);
        await sleep(1000);
      }
    });
  } finally {
    stop();
  }
}

async function suspended(io: Io): Promise<string[]> {
  return alarms(io, async (child) => {
    for (let times = 0; times < SUSPENSIONS && !io.signal.aborted; times += 1) {
      if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Ksuspended: ${times} of ${SUSPENSIONS}`);
      child.watch.child.kill('SIGSTOP');
      await sleep(SUSPENDED_MS);
      child.watch.child.kill('SIGCONT');
      await sleep(RESUMED_MS);
    }
  });
}

async function alarms(io: Io, meanwhile: (child: FreezeChild) => Promise<void>): Promise<string[]> {
  if (io.signal.aborted) return [];
  const child = new FreezeChild('honest');
  try {
    await child.started;
    await meanwhile(child);
    return child.verdicts.map(({ verdict }) => `${verdict.outcome}: ${verdict.message}`);
  } finally {
    await child.end();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    // Not the clock's: that would not keep the program alive.
    setTimeout(resolve, ms);
  });
}
