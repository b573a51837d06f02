import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import { systemClock } from '../../src/poll/clock.ts';
import { setAmbientRecorder } from '../../src/trace/ambient-recorder.ts';
import { openTrace } from '../../src/trace/file/open-trace.ts';
import { RingFlusher } from '../../src/trace/file/ring-flusher.ts';
import { TraceWriter } from '../../src/trace/file/trace-writer.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { EXIT_FAILED, EXIT_OK } from '../cli/command.ts';
import { integerOption, parseOptions } from '../cli/parse-options.ts';
import type { Io } from '../io.ts';
import { thousands } from '../report/format-number.ts';
import { Random } from '../sim/random.ts';
import type { Bench } from './bench.ts';
import { MixedTraffic, SESSIONS, type Session } from './mixed-traffic.ts';
import { throughTap, throughTunnel } from './relayed.ts';

const DEFAULT_GIBIBYTES = 10;
const GIBIBYTE = 2 ** 30;
/** Sessions at once, through each of the two relays. */
const AT_ONCE = 4;
const FLUSH_MS = 5;
/** Sizes of what a session moves, in bytes. */
const [SMALLEST, LARGEST] = [1, 64 * 1024 * 1024];
const SMALL_BYTES = 100_000;
const ABORTED_BYTES = 8 * 1024 * 1024;

export const healthy: Bench = {
  name: 'healthy',
  summary: 'mixed honest traffic through the tunnel and the tap, recorded and diagnosed: there must be no finding',
  help: `Usage: npm run bench -- healthy [--gib N] [--seed N] [--json]

Sends honest traffic of many kinds (${SESSIONS.join(', ')}) over real sockets through the tap and
through the tunnel, several connections at once, records every copy, and diagnoses the traces: whatever is found is a false
alarm. It measures no speed.

  --gib N    so many gibibytes have to arrive, from 1 to 1000 (default ${DEFAULT_GIBIBYTES})
  --seed N   of the order and the sizes of the sessions (default 1)
  --json     one JSON object: {"schema":1,"bytes","sessions":{…},"records","seconds","findings":[…]}

Example: npm run --silent bench -- healthy --gib 1
Exit code 0: nothing was found; 1: a false alarm, or it was stopped.
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      gib: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean' },
    });
    const gibibytes = values.gib === undefined ? DEFAULT_GIBIBYTES : integerOption('gib', values.gib, 1, 1000);
    const seed = values.seed === undefined ? 1 : integerOption('seed', values.seed, 0, Number.MAX_SAFE_INTEGER);
    const folder = await mkdtemp(join(tmpdir(), 'relayscope-healthy-'));
    try {
      const report = await measure(join(folder, 'healthy.trace'), gibibytes * GIBIBYTE, seed, io);
      io.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : textOf(report));
      return report.findings.length === 0 && !io.signal.aborted ? EXIT_OK : EXIT_FAILED;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Report {
  readonly schema: 1;
  readonly bytes: number;
  readonly sessions: Readonly<Record<string, number>>;
  readonly records: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

async function measure(path: string, bytes: number, seed: number, io: Io): Promise<Report> {
  const startMs = systemClock.nowMs();
  const recorder = new Recorder({ ringRecords: 1 << 18 });
  const writer = new TraceWriter(path, { about: { writer: 'relayscope bench' }, maxBytes: 2 ** 31 });
  const stopNotes = recorder.notes.listen((note) => {
    writer.append(note);
  });
  const flusher = new RingFlusher(recorder.buffer, writer);
  const timer = setInterval(() => {
    flusher.flush();
  }, FLUSH_MS);
  const restore = setAmbientRecorder(recorder);
  const traffic = await MixedTraffic.start();
  const relays = [await throughTap(traffic.port, recorder), await throughTunnel(traffic.port)];
  const sessions: Record<string, number> = {};
  try {
    const next = sessionsOf(seed);
    const work = relays.flatMap((relay) => Array.from({ length: AT_ONCE }, () => relay));
    await Promise.all(
      work.map(async (relay) => {
        while (traffic.bytes < bytes && !io.signal.aborted) {
          const { session, size } = next();
          await traffic.run(session, await relay.connect(), size);
          const name = `${relay.name} ${session}`;
          sessions[name] = (sessions[name] ?? 0) + 1;
          if (io.stderr.isTTY) io.stderr.write(`\r\u001b[K${(traffic.bytes / GIBIBYTE).toFixed(1)} GiB`);
        }
      }),
    );
  } finally {
    clearInterval(timer);
    restore();
    for (const relay of relays) await relay.close();
    traffic.stop();
    flusher.finish();
    stopNotes();
    writer.append({ kind: 'end', note: { reason: 'closed', atMs: recorder.elapsedMs() } });
    writer.close();
  }
  if (io.stderr.isTTY) io.stderr.write('\r\u001b[K');
  const diagnosed = await diagnose(path);
  return { schema: 1, bytes: traffic.bytes, sessions, ...diagnosed, seconds: (systemClock.nowMs() - startMs) / 1000 };
}

async function diagnose(path: string): Promise<Pick<Report, 'records' | 'findings'>> {
  const diagnosis = new Diagnosis();
  let records = 0;
  for await (const item of openTrace(path)) {
    if (item.kind === 'records') records += item.words.length / 8;
    diagnosis.item(item);
  }
  diagnosis.end();
  return { records, findings: diagnosis.findings() };
}

/** What to do next, and how much of it: the same order for the same seed. */
function sessionsOf(seed: number): () => { session: Session; size: number } {
  const random = new Random(seed);
  return () => {
    const session = SESSIONS[random.below(SESSIONS.length)] ?? 'download';
    // As many of each order of magnitude.
    const size = Math.floor(SMALLEST * (LARGEST / SMALLEST) ** (random.next() / 2 ** 31));
    if (session === 'small') return { session, size: SMALL_BYTES };
    return { session, size: session === 'abort' ? ABORTED_BYTES : session === 'idle' ? 0 : size };
  };
}

function textOf({ bytes, sessions, records, seconds, findings }: Report): string {
  const lines = Object.entries(sessions)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, count]) => `${name.padEnd(20)} ${thousands(count)}\n`);
  const found = findings.map(({ class: name, direction, meaning }) => `${name}, ${direction}: ${meaning}\n`);
  return (
    `${lines.join('')}${(bytes / GIBIBYTE).toFixed(1)} GiB arrived, ${thousands(records)} records, ` +
    `${seconds.toFixed(0)} s: ${findings.length === 0 ? 'no finding' : `${findings.length} findings`}\n${found.join('')}`
  );
}
