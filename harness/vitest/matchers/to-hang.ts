import type { MatcherState } from 'vitest';
import type { Direction } from '../../../src/poll/direction.ts';
import type { Judged } from '../judged/judged.ts';
import { ask, type MatcherResult } from './ask.ts';
import { checkDirection, checkName, checkOptions } from './check-argument.ts';
import { outcomeText } from './outcome-text.ts';
import { patienceOf, WAIT_KEYS, type WaitOptions } from './wait-options.ts';

/** How a copy hangs; `waiting` is no hang that anybody could see, and is one only where it is asked for by name. */
const HANG_KINDS = ['spinning', 'livelocked', 'parked', 'starved', 'blocked', 'waiting'] as const;
export type HangKind = (typeof HANG_KINDS)[number];

export interface HangOptions extends WaitOptions {
  /** Default: any but `waiting`. */
  readonly kind?: HangKind;
  /** Default: either. */
  readonly direction?: Direction;
}

/** It does not go on, and will not by itself. */
export function toHang(
  state: MatcherState,
  subject: unknown,
  options: HangOptions = {},
): MatcherResult | Promise<MatcherResult> {
  checkOptions('toHang', options, ['kind', 'direction', ...WAIT_KEYS]);
  const { kind, direction } = options;
  if (kind !== undefined) checkName('kind of toHang', kind, HANG_KINDS);
  checkDirection('toHang', direction);
  const hangs = (judged: Judged): boolean =>
    (kind === undefined ? isHang(judged) : judged.outcome === kind) &&
    (direction === undefined || judged.direction === direction);
  const what = [kind === undefined ? 'hang' : `hang (${kind})`, direction].filter((part) => part !== undefined);
  return ask(state, subject, patienceOf(state, options, hangs), {
    expected: what.join(', '),
    answer: (judged) => ({ pass: hangs(judged), got: outcomeText(judged), details: waitingOnly(judged, kind) }),
  });
}

function isHang({ outcome }: Judged): boolean {
  return outcome !== 'waiting' && HANG_KINDS.some((kind) => kind === outcome);
}

function waitingOnly({ outcome }: Judged, kind: HangKind | undefined): string[] {
  if (outcome !== 'waiting' || kind !== undefined) return [];
  return ["it may go on once its peers do: toHang({ kind: 'waiting' }) if that is what is meant"];
}
