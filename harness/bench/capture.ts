import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_FAILED, EXIT_OK } from '../cli/command.ts';
import { integerOption, parseOptions } from '../cli/parse-options.ts';
import type { Io } from '../io.ts';
import type { Bench } from './bench.ts';
import { captureChild, timedTshark } from './capture-child.ts';
import { captureReport, captureText, type CaptureRounds, type TsharkMeasurement } from './capture-report.ts';
import {
  CAPTURE_VARIANTS,
  type CaptureCounts,
  type CaptureMeasurement,
  type CaptureShape,
  type CaptureVariant,
} from './capture-variant.ts';
import { writeLargeCapture } from './large-capture.ts';
import { median, rotated } from './ratio.ts';

const DEFAULT_ROUNDS = 5;
const DEFAULT_MEGABYTES = 500;
const DEFAULT_TSHARK_SECONDS = 180;
/** After the first, which is cold. */
const PASSES = 4;
/** Beside the one of tshark, which takes longer than all of them. */
const WHOLE_RUNS = 5;

export const capture: Bench = {
  name: 'capture',
  summary: 'captures read, put in order and decoded, against a plain read loop and tshark',
  help: `Usage: npm run bench -- capture [--megabytes N] [--rounds N] [--tshark-seconds N] [--json]

Writes two captures (pcap, one connection with WebSocket messages in both directions) to a temporary folder: one of packets with
60,000 bytes and messages of 64 KiB, one of 177-byte packets with a message each. On each, in processes of their own and
another order each round:

  read      the bytes are read, and nobody looks at them
  walk      a plain Node loop over the packet records: the header of each is read, nothing else
  frames    TCP streams put in order, WebSocket frames and messages counted
  payload   the messages unmasked and put together, too

A process tells the fastest of ${PASSES} passes after a first one, and its most memory. Ratios are taken within a round. At the end, once:
tshark -n -r FILE -Y websocket, beside whole processes of frames and payload (medians of ${WHOLE_RUNS}), their start included.

  --megabytes N        size of each capture, from 1 to 4000 (default ${DEFAULT_MEGABYTES})
  --rounds N           from 1 to 1000 (default ${DEFAULT_ROUNDS})
  --tshark-seconds N   tshark is stopped after so long, and its time is a lower bound; from 0, which leaves it out, to 3600
                       (default ${DEFAULT_TSHARK_SECONDS})
  --json               one JSON object: {"schema":1,"rounds","node","shapes":{"big":{"ms","nsPerPacket","ratios",…},"small":{…}}}

Example: npm run --silent bench -- capture --json
Exit code 0 whatever the figures are; 1: it was stopped.
`,
  async run(args, io) {
    const { values } = parseOptions(args, {
      megabytes: { type: 'string' },
      rounds: { type: 'string' },
      'tshark-seconds': { type: 'string' },
      json: { type: 'boolean' },
    });
    const option = (name: 'megabytes' | 'rounds' | 'tshark-seconds', from: number, to: number, byDefault: number) =>
      values[name] === undefined ? byDefault : integerOption(name, values[name], from, to);
    const bytes = option('megabytes', 1, 4000, DEFAULT_MEGABYTES) * 1e6;
    const rounds = option('rounds', 1, 1000, DEFAULT_ROUNDS);
    const tsharkSeconds = option('tshark-seconds', 0, 3600, DEFAULT_TSHARK_SECONDS);
    const folder = await mkdtemp(join(tmpdir(), 'relayscope-bench-'));
    try {
      const measure = async (shape: CaptureShape): Promise<CaptureRounds> => {
        const file = join(folder, `${shape}.pcap`);
        const counts = await writeLargeCapture(file, shape, bytes);
        const measured = await measureRounds(file, counts, rounds, io);
        const tshark = await measureTshark(file, tsharkSeconds * 1000, io.signal);
        await rm(file);
        return { counts, rounds: measured, tshark };
      };
      const report = captureReport({ big: await measure('big'), small: await measure('small') }, process.version);
      io.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : captureText(report));
      return EXIT_OK;
    } catch (error) {
      if (io.signal.aborted) return EXIT_FAILED;
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measureRounds(
  file: string,
  counts: CaptureCounts,
  rounds: number,
  io: Io,
): Promise<Record<CaptureVariant, CaptureMeasurement[]>> {
  const measured: Record<CaptureVariant, CaptureMeasurement[]> = { read: [], walk: [], frames: [], payload: [] };
  for (let round = 1; round <= rounds; round += 1) {
    if (io.stderr.isTTY) io.stderr.write(`\r\u001b[Kround ${round} of ${rounds}`);
    for (const variant of rotated(CAPTURE_VARIANTS, round)) {
      const result = await captureChild(variant, file, { passes: PASSES, signal: io.signal });
      check(variant, result.counts, counts);
      measured[variant].push(result);
    }
  }
  if (io.stderr.isTTY) io.stderr.write('\r\u001b[K');
  return measured;
}

async function measureTshark(file: string, limitMs: number, signal: AbortSignal): Promise<TsharkMeasurement | null> {
  if (limitMs === 0) return null;
  const whole: Record<'frames' | 'payload', number[]> = { frames: [], payload: [] };
  for (let run = 0; run < WHOLE_RUNS; run += 1) {
    for (const variant of ['frames', 'payload'] as const)
      whole[variant].push((await captureChild(variant, file, { passes: 0, signal })).wholeMs);
  }
  const tshark = await timedTshark(file, { limitMs, signal });
  if (tshark === null) return null;
  return {
    tsharkMs: tshark.ms,
    isWhole: tshark.isWhole,
    framesMs: median(whole.frames),
    payloadMs: median(whole.payload),
  };
}

/** A variant that is fast because it misses something is not fast. */
function check(variant: CaptureVariant, found: CaptureCounts, written: CaptureCounts): void {
  const has: Readonly<Record<CaptureVariant, readonly (keyof CaptureCounts)[]>> = {
    read: ['bytes'],
    walk: ['bytes', 'packets'],
    frames: ['packets', 'messages', 'payloadBytes'],
    payload: ['packets', 'messages', 'payloadBytes', 'firstBytes'],
  };
  for (const name of has[variant]) {
    if (found[name] !== written[name])
      throw new Error(`${variant} found ${found[name]} ${name}, and ${written[name]} were written`);
  }
}
