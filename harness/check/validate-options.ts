import { CheckError } from './check-error.ts';
import type { CheckOptions, InnerKind } from './check-options.ts';
import { wrongInCase } from './parse-stream-case.ts';
import { showValue } from './show-value.ts';
import { STREAM_LAWS } from './stream-law.ts';

export const MAX_RUNS = 10_000_000;
/** As a scenario's. */
export const MAX_SEED = 0x7fffffff;
/** So much is written while nobody reads: it has to fit into memory. */
const MAX_BUFFERED_BYTES = 1 << 26;
/** A timer of Node takes no more. */
const MAX_TIMEOUT_MS = 0x7fffffff;

/** Throws CHECK_OPTION_INVALID for a value that an option cannot have: a check by it would say nothing, or not end. */
export function validateOptions<Kind extends InnerKind>(options: CheckOptions<Kind>): void {
  const { case: streamCase } = options;
  // From JavaScript it may be anything.
  const laws: unknown = options.laws;
  expectWhole('seed', options.seed, 0, MAX_SEED);
  expectWhole('runs', options.runs, 0, MAX_RUNS);
  expectWhole('maxBufferedBytes', options.maxBufferedBytes, 1, MAX_BUFFERED_BYTES);
  expectWhole('timeoutMs', options.timeoutMs, 1, MAX_TIMEOUT_MS);
  expectType('carriesHalfClose', options.carriesHalfClose, 'boolean');
  expectType('peer', options.peer, 'function');
  if (laws !== undefined) {
    const expected = `a list of laws (${STREAM_LAWS.join(', ')})`;
    if (!Array.isArray(laws) || laws.length === 0) throw wrong('laws', expected, laws);
    const unknown: unknown = laws.find((law) => !STREAM_LAWS.some((known) => known === law));
    if (unknown !== undefined) throw wrong('laws', expected, unknown);
  }
  const malformed = streamCase === undefined ? null : wrongInCase(streamCase);
  if (malformed !== null) throw new CheckError('CHECK_OPTION_INVALID', `Wrong case: ${malformed}`);
}

function expectWhole(name: string, value: unknown, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) return;
  throw wrong(name, `a whole number from ${least} to ${most}`, value);
}

function expectType(name: string, value: unknown, type: 'boolean' | 'function'): void {
  if (value !== undefined && typeof value !== type) throw wrong(name, `a ${type}`, value);
}

function wrong(name: string, expected: string, got: unknown): CheckError {
  return new CheckError('CHECK_OPTION_INVALID', `Wrong ${name}: expected ${expected}, got ${showValue(got)}`);
}
