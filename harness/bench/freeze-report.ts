import type { STUCK_KINDS } from './freeze-kind.ts';
import { median } from './ratio.ts';

type StuckKind = (typeof STUCK_KINDS)[number];

export interface FreezeMeasurements {
  readonly limitMs: number;
  /** Milliseconds from the limit to the right verdict, an entry a round. */
  readonly verdictMs: Readonly<Record<StuckKind, readonly number[]>>;
  /** The verdicts that were wrong or missing, in words. */
  readonly wrong: readonly string[];
  readonly burners: number;
  readonly seconds: number;
  /** The false alarms, in words. */
  readonly underBurners: readonly string[];
  readonly suspensions: number;
  readonly suspended: readonly string[];
}

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

/** What `--json` prints. */
export interface FreezeReport {
  readonly schema: 1;
  readonly limitMs: number;
  /** From the moment when the limit is over to the verdict's arrival in another process. */
  readonly verdictMs: Partial<Readonly<Record<StuckKind, Spread>>>;
  /** Verdicts that were wrong or did not come. */
  readonly wrong: number;
  readonly falseAlarms: {
    readonly underBurners: { readonly burners: number; readonly seconds: number; readonly verdicts: number };
    readonly suspended: { readonly times: number; readonly verdicts: number };
  };
  /** What was said where it should not have been. */
  readonly messages: readonly string[];
}

export function freezeReport(measured: FreezeMeasurements): FreezeReport {
  const { limitMs, verdictMs, wrong, burners, seconds, underBurners, suspensions, suspended } = measured;
  const all = Object.entries(verdictMs) as [StuckKind, readonly number[]][];
  const spreads = all.flatMap(([kind, times]) => {
    const round = (ms: number): number => Math.round(ms * 10) / 10;
    const [middle, min, max] = [median(times), Math.min(...times), Math.max(...times)].map(round);
    if (middle === undefined || min === undefined || max === undefined || times.length === 0) return [];
    return [[kind, { median: middle, min, max, rounds: times.length }] as const];
  });
  return {
    schema: 1,
    limitMs,
    verdictMs: Object.fromEntries(spreads),
    wrong: wrong.length,
    falseAlarms: {
      underBurners: { burners, seconds, verdicts: underBurners.length },
      suspended: { times: suspensions, verdicts: suspended.length },
    },
    messages: [...wrong, ...underBurners, ...suspended],
  };
}

/** The same for a person. */
export function freezeText(report: FreezeReport): string {
  const { limitMs, verdictMs, wrong, falseAlarms, messages } = report;
  const rows = Object.entries(verdictMs).map(([kind, { median, min, max, rounds }]) => {
    const figures = [median, min, max].map((ms) => ms.toFixed(1).padStart(7)).join('  ');
    return `  ${kind.padEnd(10)}${figures}  ${String(rounds).padStart(6)}\n`;
  });
  const { underBurners, suspended } = falseAlarms;
  return (
    `Milliseconds from the limit of ${limitMs} ms to the verdict\n` +
    `  kind       median   lowest  highest  rounds\n${rows.join('')}` +
    `Wrong or missing verdicts: ${wrong}\n` +
    `False alarms in ${underBurners.seconds} s under ${underBurners.burners} burners: ${underBurners.verdicts}\n` +
    `False alarms over ${suspended.times} suspensions: ${suspended.verdicts}\n` +
    messages.map((message) => `  ${message}\n`).join('')
  );
}
