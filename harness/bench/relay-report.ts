import { median, ratioOf, type Ratio } from './ratio.ts';
import type { Variant } from './relay-variant.ts';

/** CPU seconds of the relay's process, one entry for each round, for each variant. */
export interface RelayMeasurements {
  readonly bulk: Readonly<Record<Variant, readonly number[]>>;
  readonly small: Readonly<Record<Variant, readonly number[]>>;
  /** What a round moved: gigabytes (1e9 bytes), and round trips. */
  readonly gigabytes: number;
  readonly roundTrips: number;
}

const RATIOS = [
  'bulkTraced',
  'bulkUntraced',
  'smallTraced',
  'smallUntraced',
  'tracingOverhead',
  'smallTracingOverhead',
] as const;
type RatioName = (typeof RATIOS)[number];

/** What `--json` prints; every ratio is of CPU time, and less is better. */
export interface RelayReport {
  readonly schema: 1;
  readonly ratios: Readonly<Record<RatioName, number>>;
  readonly spread: Readonly<Record<RatioName, { readonly min: number; readonly max: number }>>;
  readonly rounds: number;
  readonly cpuSecondsPerGigabyte: Readonly<Record<Variant, number>>;
  readonly cpuMicrosPerRoundTrip: Readonly<Record<Variant, number>>;
}

export function relayReport({ bulk, small, gigabytes, roundTrips }: RelayMeasurements): RelayReport {
  const all: Record<RatioName, Ratio> = {
    bulkTraced: ratioOf(bulk.traced, bulk.pipe),
    bulkUntraced: ratioOf(bulk.untraced, bulk.pipe),
    smallTraced: ratioOf(small.traced, small.pipe),
    smallUntraced: ratioOf(small.untraced, small.pipe),
    tracingOverhead: ratioOf(bulk.traced, bulk.untraced),
    smallTracingOverhead: ratioOf(small.traced, small.untraced),
  };
  const each = <T>(pick: (ratio: Ratio) => T): Record<RatioName, T> => ({
    bulkTraced: pick(all.bulkTraced),
    bulkUntraced: pick(all.bulkUntraced),
    smallTraced: pick(all.smallTraced),
    smallUntraced: pick(all.smallUntraced),
    tracingOverhead: pick(all.tracingOverhead),
    smallTracingOverhead: pick(all.smallTracingOverhead),
  });
  const medians = (seconds: RelayMeasurements['bulk'], per: number): Record<Variant, number> => ({
    pipe: rounded(median(seconds.pipe) / per),
    untraced: rounded(median(seconds.untraced) / per),
    traced: rounded(median(seconds.traced) / per),
  });
  return {
    schema: 1,
    ratios: each((ratio) => rounded(ratio.median)),
    spread: each(({ min, max }) => ({ min: rounded(min), max: rounded(max) })),
    rounds: bulk.pipe.length,
    cpuSecondsPerGigabyte: medians(bulk, gigabytes),
    cpuMicrosPerRoundTrip: medians(small, roundTrips / 1e6),
  };
}

/** The same for a person. */
export function relayText(report: RelayReport): string {
  const rows = RATIOS.map((name) => {
    const { min, max } = report.spread[name];
    return `${name.padEnd(21)} ${fixed(report.ratios[name])}   ${fixed(min)} .. ${fixed(max)}\n`;
  });
  const { cpuSecondsPerGigabyte: bulk, cpuMicrosPerRoundTrip: small } = report;
  return (
    `CPU time of the relay, ${report.rounds} rounds; a ratio is the median over the rounds, then the lowest and highest\n` +
    `${rows.join('')}\n` +
    `CPU seconds per GB       pipe ${fixed(bulk.pipe)}   untraced ${fixed(bulk.untraced)}   traced ${fixed(bulk.traced)}\n` +
    `CPU µs per round trip    pipe ${fixed(small.pipe)}   untraced ${fixed(small.untraced)}   traced ${fixed(small.traced)}\n`
  );
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function fixed(value: number): string {
  return value.toFixed(3).padStart(7);
}
