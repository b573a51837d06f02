import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { siblingModule } from '../../src/sibling-module.ts';
import { EXIT_FAILED, EXIT_OK } from '../cli/command.ts';
import { integerOption, parseOptions } from '../cli/parse-options.ts';
import type { Io } from '../io.ts';
import { thousands } from '../report/format-number.ts';
import type { Bench } from './bench.ts';
import { writeLargeTrace } from './large-trace.ts';
import { median, ratioOf, rotated } from './ratio.ts';
import { timedRun } from './timed-child.ts';

const DEFAULT_RECORDS = 10_000_000;
const DEFAULT_ROUNDS = 7;
const VARIANTS = ['command', 'read', 'cat'] as const;
type Variant = (typeof VARIANTS)[number];

/** A Node program that reads a file and does nothing with it. */
const BARE_READ = `const fs = require('node:fs'); const bytes = Buffer.allocUnsafe(1 << 18);
const fd = fs.openSync(process.argv[1]); while (fs.readSync(fd, bytes) > 0); console.log('read');`;

/** A command of relayscope that is measured over a large trace. */
export interface LargeTraceCommand {
  readonly name: string;
  readonly summary: string;
  /** What has to hold for ten million records: to the first byte of what it prints, and the most memory. */
  readonly targetMs: number;
  readonly targetMegabytes: number;
  /** Code with which it ends over a trace that has a spin at its end. */
  readonly exitCode: number;
}

/** The benchmark of a command that reads a trace: time to its first screen and its memory, beside cat and a bare read. */
export function largeTraceBench(command: LargeTraceCommand): Bench {
  const { name, summary } = command;
  return {
    name,
    summary,
    help: helpOf(command),
    run: (args, io) => run(command, args, io),
  };
}

function helpOf({ name, targetMs, targetMegabytes }: LargeTraceCommand): string {
  return `Usage: npm run bench -- ${name} [--records N] [--rounds N] [--json]

Writes a trace of many connections with a spin at its end to a temporary folder, then runs the real command,
relayscope ${name} FILE, as a child: milliseconds from its start to the first byte of the screen, and the most memory it
has had. In the same rounds, each time in another order: "cat FILE" with its output read and thrown away, and a Node
program that reads the file and does nothing with it. The file is in the page cache: round 0 is not counted.

  --records N   from 1,000 to 100,000,000 (default ${thousands(DEFAULT_RECORDS)}; 32 bytes each)
  --rounds N    how many rounds are counted, from 1 to 1000 (default ${DEFAULT_ROUNDS})
  --json        one JSON object: {"schema":1,"records","rounds","firstScreenMs":{"median","min","max"},
                "peakMegabytes","ms":{"read","cat"},"ratios":{"toRead","toCat"}}

Example: npm run --silent bench -- ${name} --json
Exit code 0 whatever the figures are; 1: it was stopped, or a run failed. Target for ten million records: the first
screen within ${targetMs} ms and ${targetMegabytes} MB.
`;
}

async function run(command: LargeTraceCommand, args: readonly string[], io: Io): Promise<number> {
  const { values } = parseOptions(args, {
    records: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'boolean' },
  });
  const records =
    values.records === undefined ? DEFAULT_RECORDS : integerOption('records', values.records, 1000, 100_000_000);
  const rounds = values.rounds === undefined ? DEFAULT_ROUNDS : integerOption('rounds', values.rounds, 1, 1000);
  const folder = await mkdtemp(join(tmpdir(), 'relayscope-bench-'));
  try {
    const file = join(folder, 'large.trace');
    await writeLargeTrace(file, records);
    const report = reportOf(records, await measure(command, file, rounds, io));
    io.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : textOf(command, report));
    return EXIT_OK;
  } catch (error) {
    if (io.signal.aborted) return EXIT_FAILED;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measurements {
  readonly ms: Readonly<Record<Variant, number[]>>;
  readonly peakBytes: number[];
}

async function measure(command: LargeTraceCommand, file: string, rounds: number, io: Io): Promise<Measurements> {
  const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
  const preload = siblingModule(import.meta.url, 'report-memory').href;
  const commands: Record<Variant, [string, string[]]> = {
    command: [process.execPath, ['--import', preload, main, command.name, file]],
    read: [process.execPath, ['-e', BARE_READ, file]],
    cat: ['cat', [file]],
  };
  const measured: Measurements = { ms: { command: [], read: [], cat: [] }, peakBytes: [] };
  for (let round = 0; round <= rounds; round += 1) {
    if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Kround ${round} of ${rounds}`);
    for (const variant of rotated(VARIANTS, round)) {
      const { firstByteMs, endMs, report } = await timedRun(
        ...commands[variant],
        io.signal,
        variant === 'command' ? command.exitCode : EXIT_OK,
      );
      if (round === 0) continue;
      measured.ms[variant].push(variant === 'command' ? firstByteMs : endMs);
      if (variant === 'command') measured.peakBytes.push(Number(report));
    }
  }
  if (io.stderr.isTTY) io.stderr.write('\r\u001b[K');
  return measured;
}

interface Report {
  readonly schema: 1;
  readonly records: number;
  readonly rounds: number;
  readonly firstScreenMs: { readonly median: number; readonly min: number; readonly max: number };
  /** The most of all rounds, in units of a million bytes. */
  readonly peakMegabytes: number;
  readonly ms: { readonly read: number; readonly cat: number };
  readonly ratios: { readonly toRead: number; readonly toCat: number };
}

function reportOf(records: number, { ms, peakBytes }: Measurements): Report {
  return {
    schema: 1,
    records,
    rounds: ms.command.length,
    firstScreenMs: {
      median: Math.round(median(ms.command)),
      min: Math.round(Math.min(...ms.command)),
      max: Math.round(Math.max(...ms.command)),
    },
    peakMegabytes: Math.round(Math.max(...peakBytes) / 1e6),
    ms: { read: Math.round(median(ms.read)), cat: Math.round(median(ms.cat)) },
    ratios: { toRead: tenths(ratioOf(ms.command, ms.read).median), toCat: tenths(ratioOf(ms.command, ms.cat).median) },
  };
}

function textOf(
  { targetMs, targetMegabytes }: LargeTraceCommand,
  { records, rounds, firstScreenMs, peakMegabytes, ms, ratios }: Report,
): string {
  const { median: middle, min, max } = firstScreenMs;
  return (
    `${thousands(records)} records, ${thousands(records * 32)} bytes; ${rounds} rounds\n` +
    `first screen    ${thousands(middle)} ms (${thousands(min)} .. ${thousands(max)})   target ${thousands(targetMs)}\n` +
    `peak memory     ${peakMegabytes} MB   target ${targetMegabytes}\n` +
    `a bare read     ${thousands(ms.read)} ms   × ${ratios.toRead}\n` +
    `cat             ${thousands(ms.cat)} ms   × ${ratios.toCat}\n`
  );
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
