import type { MatcherState } from 'vitest';
import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import type { Judged } from '../judged/judged.ts';
import { shown } from '../judged/judge.ts';
import { MatcherError } from '../judged/matcher-error.ts';
import { ask, type MatcherResult } from './ask.ts';
import { compareBytes } from './compare-bytes.ts';
import { checkOptions } from './check-argument.ts';
import { patienceOf, WAIT_KEYS, type WaitOptions } from './wait-options.ts';

/** So many bytes, or which. */
export type DeliveredBytes = number | string | Uint8Array;

export interface Deliveries {
  readonly aToB?: DeliveredBytes;
  readonly bToA?: DeliveredBytes;
}

const WAYS = [
  ['aToB', 'a -> b'],
  ['bToA', 'b -> a'],
] as const;

/** The sinks got so many bytes, or these. Where nobody knows what they got, a count is compared with what was reported. */
export function toDeliver(
  state: MatcherState,
  subject: unknown,
  expected: Deliveries,
  options: WaitOptions = {},
): MatcherResult | Promise<MatcherResult> {
  checkOptions('toDeliver', expected, ['aToB', 'bToA']);
  checkOptions('toDeliver', options, WAIT_KEYS);
  const ways = WAYS.filter(([key]) => expected[key] !== undefined);
  if (ways.length === 0) throw wrong('{ aToB, bToA }, at least one of them', 'neither');
  for (const [key] of ways) checkBytes(expected[key]);
  const differences = (judged: Judged): string[] =>
    ways.flatMap(([key, direction]) => {
      const difference = differenceOf(judged, key, expected[key] ?? 0);
      return difference === null ? [] : [`${direction}: ${difference}`];
    });
  return ask(
    state,
    subject,
    patienceOf(state, options, (judged) => differences(judged).length === 0),
    {
      expected: `deliver ${ways.map(([key, direction]) => `${textOf(expected[key] ?? 0)} ${direction}`).join(' and ')}`,
      answer: (judged) => {
        const found = differences(judged);
        return { pass: found.length === 0, got: 'it did not', details: found };
      },
    },
  );
}

function differenceOf(
  { what, delivered, counts }: Judged,
  key: keyof CopyCounts,
  expected: DeliveredBytes,
): string | null {
  if (typeof expected === 'number') {
    const got = delivered === null ? counts?.[key] : delivered[key].length;
    if (got === undefined) throw unknowing('whose bytes are counted', what);
    const how = delivered === null ? ', as reported' : '';
    return got === expected ? null : `expected ${bytesText(expected)}, got ${bytesText(got)}${how}`;
  }
  if (delivered === null)
    throw unknowing(
      'of which it is known what its sinks got (a run, a relay between one client of its own and an origin, or { recorder, delivered })',
      what,
    );
  return compareBytes(typeof expected === 'string' ? Buffer.from(expected) : expected, delivered[key]);
}

function textOf(expected: DeliveredBytes): string {
  if (typeof expected === 'number') return bytesText(expected);
  return `these ${bytesText(typeof expected === 'string' ? Buffer.byteLength(expected) : expected.length)}`;
}

function bytesText(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}

function checkBytes(expected: unknown): void {
  if (typeof expected === 'string' || expected instanceof Uint8Array) return;
  if (typeof expected === 'number' && Number.isSafeInteger(expected) && expected >= 0) return;
  throw wrong('a count, a text or a Uint8Array', shown(expected));
}

function wrong(expected: string, got: string): MatcherError {
  return new MatcherError('MATCHER_ARGUMENT_INVALID', 'Wrong argument of toDeliver', expected, got);
}

function unknowing(expected: string, what: string): MatcherError {
  return new MatcherError('SUBJECT_UNKNOWING', 'Wrong subject of toDeliver', `one ${expected}`, what);
}
