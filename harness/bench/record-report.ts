import { median, type Ratio } from './ratio.ts';
import type { RecordMeasurement, RecordVariant } from './record-variant.ts';

/** The measurements of each variant, one for each round. */
export type RecordRounds = Readonly<Record<RecordVariant, readonly RecordMeasurement[]>>;

/** An iteration of the engine's loop that reads and writes passes so many call sites, and makes so many records. */
const SITES_PER_ITERATION = 3;

/** What is reported, in this order, with what is said of it to a person. */
const FIGURES = {
  off: 'a call site that is switched off, in the engine’s loop',
  on: 'a record, in the engine’s loop that reads and writes',
  stuck: 'an iteration of a stuck loop, counted',
  registerOff: 'a call site by itself, switched off',
  registerOn: 'the same with a recorder',
  poll: 'a poll with its fine clock and a write, recorded',
  idlePoll: 'a poll and a write that repeat those before, counted',
  mark: 'performance.mark',
  console: 'console.log to the null device',
  pino: 'pino to the null device',
  empty: 'the empty loop',
  engine: 'an iteration of the engine that reads and writes, unrecorded',
  stuckEngine: 'an iteration of a stuck loop, unrecorded',
} as const;
export type RecordFigure = keyof typeof FIGURES;
const NAMES = Object.keys(FIGURES) as RecordFigure[];

/** What `--json` prints. Nanoseconds; the median over the rounds, and the lowest and highest. */
export interface RecordReport {
  readonly schema: 1;
  readonly ns: Readonly<Record<RecordFigure, number>>;
  readonly spread: Readonly<Record<RecordFigure, { readonly min: number; readonly max: number }>>;
  /** Heap that one record, or one counted iteration, takes; to a tenth of a byte. */
  readonly heapBytes: { readonly on: number; readonly stuck: number };
  readonly rounds: number;
  readonly node: string;
}

export function recordReport(rounds: RecordRounds, node: string): RecordReport {
  const ns = (variant: RecordVariant): readonly number[] => rounds[variant].map((one) => one.ns);
  // What a machine does to one variant it does, within a round, more or less to the next one too.
  const net = (variant: RecordVariant, without: RecordVariant, sites: number): readonly number[] =>
    rounds[variant].map((one, round) => (one.ns - (rounds[without][round]?.ns ?? Number.NaN)) / sites);
  const figures: Readonly<Record<RecordFigure, readonly number[]>> = {
    off: net('engineOff', 'engineCut', SITES_PER_ITERATION),
    on: net('engineOn', 'engineOff', SITES_PER_ITERATION),
    stuck: net('stuckOn', 'stuckOff', 1),
    registerOff: net('registerOff', 'empty', 1),
    registerOn: net('registerOn', 'empty', 1),
    poll: net('poll', 'empty', 1),
    idlePoll: net('idlePoll', 'empty', 1),
    mark: net('mark', 'empty', 1),
    console: net('console', 'empty', 1),
    pino: net('pino', 'empty', 1),
    empty: ns('empty'),
    engine: ns('engineOff'),
    stuckEngine: ns('stuckOff'),
  };
  const each = <T>(pick: (values: Ratio) => T): Record<RecordFigure, T> =>
    Object.fromEntries(NAMES.map((name) => [name, pick(summary(figures[name]))])) as Record<RecordFigure, T>;
  return {
    schema: 1,
    ns: each((one) => rounded(one.median)),
    spread: each(({ min, max }) => ({ min: rounded(min), max: rounded(max) })),
    heapBytes: {
      on: tenths(median(rounds.engineOn.map((one) => one.heapBytes)) / SITES_PER_ITERATION),
      stuck: tenths(median(rounds.stuckOn.map((one) => one.heapBytes))),
    },
    rounds: rounds.empty.length,
    node,
  };
}

/** The same for a person. */
export function recordText(report: RecordReport): string {
  const rows = NAMES.map((name) => {
    const { min, max } = report.spread[name];
    return `${name.padEnd(12)} ${fixed(report.ns[name])}   ${fixed(min)} .. ${fixed(max)}   ${FIGURES[name]}\n`;
  });
  const { on, stuck } = report.heapBytes;
  return (
    `Nanoseconds, net of the loop around it, Node ${report.node}, ${report.rounds} rounds: the median, the lowest, the highest\n` +
    rows.join('') +
    `Allocated: ${on} bytes a record, ${stuck} bytes an iteration of a stuck loop\n`
  );
}

function summary(values: readonly number[]): Ratio {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function tenths(value: number): number {
  // Never -0, which a garbage collection would make of a small negative number.
  return Math.round(value * 10) / 10 + 0;
}

function fixed(value: number): string {
  return value.toFixed(2).padStart(8);
}
