import { CheckError } from '../check-error.ts';
import type { CheckOptions } from '../check-options.ts';
import { showValue } from '../show-value.ts';
import type { CheckedModule } from './check-job.ts';

/** What a module may export under `options`; what they may be is for the check to say. */
const KEYS: readonly (keyof CheckOptions)[] = [
  'inner',
  'peer',
  'carriesHalfClose',
  'laws',
  'seed',
  'runs',
  'case',
  'maxBufferedBytes',
  'timeoutMs',
];

/** The options that a module exports beside its factory; null: none. Throws CHECK_MODULE_INVALID for what is none. */
export function checkedOptions(
  exports: Readonly<Record<string, unknown>>,
  { shown }: CheckedModule,
): Partial<CheckOptions> | null {
  const { options } = exports;
  if (options === undefined) return null;
  if (typeof options !== 'object' || options === null) throw wrong(shown, 'options: expected an object', options);
  const unknown = Object.keys(options).find((key) => !KEYS.some((known) => known === key));
  if (unknown !== undefined) throw wrong(shown, `options: expected ${KEYS.join(', ')}`, unknown);
  return options;
}

function wrong(shown: string, expected: string, got: unknown): CheckError {
  return new CheckError('CHECK_MODULE_INVALID', `Wrong module ${shown}: ${expected}, got ${showValue(got)}`);
}
