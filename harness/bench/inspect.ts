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
/** What has to hold for ten million records. */
const TARGET_MS = 2000;
const TARGET_MEGABYTES = 200;
const VARIANTS = ['inspect', 'read', 'cat'] as const;
type Variant = (typeof VARIANTS)[number];

/** A Node program that reads a file and does nothing with it. */
const BARE_READ = `const fs = require('node:fs'); const bytes = Buffer.allocUnsafe(1 << 18);
const fd = fs.openSync(process.argv[1]); while (fs.readSync(fd, bytes) > 0); console.log('read');`;

export const inspect: Bench = {
  name: 'inspect',
  summary: 'time and memory to the first screen of a large trace, beside cat and a bare read',
  help: `Usage: npm run bench -- inspect [--records N] [--rounds N] [--json]

Writes a trace of many connections with a spin at its end to a temporary folder, then runs the real command,
relayscope inspect FILE, as a child: milliseconds from its start to the first byte of the screen, and the most memory it
has had. In the same rounds, each time in another order: "cat FILE" with its output read and thrown away, and a Node
program that reads the file and does nothing with it. The file is in the page cache: round 0 is not counted.

  --records N   from 1,000 to 100,000,000 (default ${thousands(DEFAULT_RECORDS)}; 32 bytes each)
  --rounds N    how many rounds are counted, from 1 to 1000 (default ${DEFAULT_ROUNDS})
  --json        one JSON object: {"schema":1,"records","rounds","firstScreenMs":{"median","min","max"},
                "peakMegabytes","ms":{"read","cat"},"ratios":{"toRead","toCat"}}

Example: npm run --silent bench -- inspect --json
Exit code 0 whatever the figures are; 1: it was stopped, or a run failed. Target for ten million records: the first
screen within ${TARGET_MS} ms and ${TARGET_MEGABYTES} MB.
`,
  async run(args, io) {
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
      const report = reportOf(records, await measure(file, rounds, io));
      io.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : textOf(report));
      return EXIT_OK;
    } catch (error) {
      if (io.signal.aborted) return EXIT_FAILED;
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Measurements {
  readonly ms: Readonly<Record<Variant, number[]>>;
  readonly peakBytes: number[];
}

async function measure(file: string, rounds: number, io: Io): Promise<Measurements> {
  const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
  const preload = siblingModule(import.meta.url, 'report-memory').href;
  const commands: Record<Variant, [string, string[]]> = {
    inspect: [process.execPath, ['--import', preload, main, 'inspect', file]],
    read: [process.execPath, ['-e', BARE_READ, file]],
    cat: ['cat', [file]],
  };
  const measured: Measurements = { ms: { inspect: [], read: [], cat: [] }, peakBytes: [] };
  for (let round = 0; round <= rounds; round += 1) {
    if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Kround ${round} of ${rounds}`);
    for (const variant of rotated(VARIANTS, round)) {
      const { firstByteMs, endMs, report } = await timedRun(...commands[variant], io.signal);
      if (round === 0) continue;
      measured.ms[variant].push(variant === 'inspect' ? firstByteMs : endMs);
      if (variant === 'inspect') measured.peakBytes.push(Number(report));
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
    rounds: ms.inspect.length,
    firstScreenMs: {
      median: Math.round(median(ms.inspect)),
      min: Math.round(Math.min(...ms.inspect)),
      max: Math.round(Math.max(...ms.inspect)),
    },
    peakMegabytes: Math.round(Math.max(...peakBytes) / 1e6),
    ms: { read: Math.round(median(ms.read)), cat: Math.round(median(ms.cat)) },
    ratios: { toRead: tenths(ratioOf(ms.inspect, ms.read).median), toCat: tenths(ratioOf(ms.inspect, ms.cat).median) },
  };
}

function textOf({ records, rounds, firstScreenMs, peakMegabytes, ms, ratios }: Report): string {
  const { median: middle, min, max } = firstScreenMs;
  return (
    `${thousands(records)} records, ${thousands(records * 32)} bytes; ${rounds} rounds\n` +
    `first screen    ${thousands(middle)} ms (${thousands(min)} .. ${thousands(max)})   target ${thousands(TARGET_MS)}\n` +
    `peak memory     ${peakMegabytes} MB   target ${TARGET_MEGABYTES}\n` +
    `a bare read     ${thousands(ms.read)} ms   × ${ratios.toRead}\n` +
    `cat             ${thousands(ms.cat)} ms   × ${ratios.toCat}\n`
  );
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
