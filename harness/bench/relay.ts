import { integerOption, parseOptions } from '../cli/parse-options.ts';
import { EXIT_FAILED, EXIT_OK } from '../cli/command.ts';
import type { Io } from '../io.ts';
import type { Bench } from './bench.ts';
import { rotated } from './ratio.ts';
import { RelayChild } from './relay-child.ts';
import { DEFAULT_SIZES, RelayLoad, type LoadSizes } from './relay-load.ts';
import { relayReport, relayText, type RelayMeasurements } from './relay-report.ts';
import { VARIANTS, type Variant } from './relay-variant.ts';

const DEFAULT_ROUNDS = 21;

export const relay: Bench = {
  name: 'relay',
  summary: 'CPU time of a TCP relay: copyBidirectional, traced and not, against a.pipe(b); b.pipe(a)',
  help: `Usage: npm run bench -- relay [--rounds N] [--json]

A relay in a process of its own, on loopback, under load from this one: 512 MiB through one connection, and 100-byte
messages there and back on 8 connections. Counted is the CPU time of the relay's process (user and system, all its
threads). Each round runs every variant, each time in another order; the ratios are taken within a round. Less is better.

  --rounds N   how many rounds are counted, from 1 to 1000 (default ${DEFAULT_ROUNDS}); one more warms up
  --json       print one JSON object: schema, ratios, spread, rounds and the absolute medians

Example: npm run --silent bench -- relay --json
Takes about five seconds a round. Exit code 0 whatever the figures are; 1: bytes were lost, or it was stopped.
`,
  async run(args, io) {
    const { values } = parseOptions(args, { rounds: { type: 'string' }, json: { type: 'boolean' } });
    const rounds = values.rounds === undefined ? DEFAULT_ROUNDS : integerOption('rounds', values.rounds, 1, 1000);
    const measured = await measure(rounds, DEFAULT_SIZES, io);
    if (measured === null) return EXIT_FAILED;
    const report = relayReport(measured);
    io.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : relayText(report));
    return EXIT_OK;
  },
};

/** Null if it was told to stop. */
async function measure(rounds: number, sizes: LoadSizes, io: Io): Promise<RelayMeasurements | null> {
  const load = await RelayLoad.start();
  const relays: Partial<Record<Variant, RelayChild>> = {};
  const stop = (): void => {
    for (const child of Object.values(relays)) child.stop();
    load.stop();
  };
  // Without its relays whatever is under way fails, and so ends.
  io.signal.addEventListener('abort', stop);
  try {
    for (const variant of VARIANTS) relays[variant] = await RelayChild.start(variant, load.port);
    return await rotate(rounds, sizes, load, relays as Record<Variant, RelayChild>, io);
  } catch (error) {
    if (io.signal.aborted) return null;
    throw error;
  } finally {
    io.signal.removeEventListener('abort', stop);
    stop();
  }
}

async function rotate(
  rounds: number,
  sizes: LoadSizes,
  load: RelayLoad,
  relays: Readonly<Record<Variant, RelayChild>>,
  io: Io,
): Promise<RelayMeasurements> {
  const bulk: Record<Variant, number[]> = { pipe: [], untraced: [], traced: [] };
  const small: Record<Variant, number[]> = { pipe: [], untraced: [], traced: [] };
  for (let round = 0; round <= rounds; round += 1) {
    const what = round === 0 ? 'warming up' : `round ${round} of ${rounds}`;
    if (io.stderr.isTTY) io.stderr.write(`\r\u001b[K${what}`);
    for (const variant of rotated(VARIANTS, round)) {
      const child = relays[variant];
      const before = await child.cpuSeconds();
      await load.bulk(child.port, sizes);
      const between = await child.cpuSeconds();
      await load.small(child.port, sizes);
      const after = await child.cpuSeconds();
      if (round === 0) continue;
      bulk[variant].push(between - before);
      small[variant].push(after - between);
    }
  }
  if (io.stderr.isTTY) io.stderr.write('\r\u001b[K');
  return { bulk, small, gigabytes: sizes.bulkBytes / 1e9, roundTrips: sizes.connections * sizes.roundTrips };
}
