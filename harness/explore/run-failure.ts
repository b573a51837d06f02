import type { FindingClass } from '../../src/diagnose/finding-class.ts';
import type { Direction } from '../../src/poll/direction.ts';
import type { Law, RunOutcomeName, Scenario, SideEntry, SideScript } from '../scenario/scenario.ts';
import type { RunResult } from '../sim/run-result.ts';
import { isHostile } from './campaign-settings.ts';

/**
 * What was wrong with a run: a law was broken, or it ended as it must not, or with an exception that is no failure of the copy, or
 * something was found in its trace though it is healthy.
 */
export interface RunFailure {
  readonly what: Law | RunOutcomeName | 'exception' | FindingClass;
  readonly direction: Direction | null;
  /** One sentence. */
  readonly message: string;
}

export function isSame(x: RunFailure, y: RunFailure): boolean {
  return x.what === y.what && x.direction === y.direction;
}

/** `conservation, a -> b` */
export function failureName({ what, direction }: Pick<RunFailure, 'what' | 'direction'>): string {
  return direction === null ? what : `${what}, ${direction}`;
}

/** What a fault does by being what it is, and by right: a buffered writer reports bytes before its sink has them. */
const EXCUSED: ReadonlyMap<string, Law> = new Map([['held-until-flush', 'accounting']]);

/** Everything that was wrong with a run; the first is what showed first. */
export function failuresOf(scenario: Scenario, result: RunResult): RunFailure[] {
  const names = scenario.plan.faults.map(({ fault }) => fault);
  const failures: RunFailure[] = result.broken
    .filter(({ law }) => !names.some((name) => EXCUSED.get(name) === law))
    .map(({ law, direction, message }) => ({ what: law, direction, message }));
  if (!isAllowed(scenario, result))
    failures.push({ what: result.outcome, direction: result.direction, message: outcomeText(result) });
  return failures;
}

/** Whether a run of this scenario may end so. A stream's own failure ends a copy, and a plan with hostile faults may. */
function isAllowed(scenario: Scenario, { outcome, error }: RunResult): boolean {
  switch (outcome) {
    case 'completed':
      return true;
    case 'failed':
      return (
        isHostile(scenario.plan.faults.map(({ fault }) => fault)) ||
        (error?.code === 'STREAM_FAILED' && (hasError(scenario.a) || hasError(scenario.b))) ||
        (error?.code === 'HALF_CLOSE_TIMEOUT' && scenario.options.halfCloseTimeoutMs !== undefined)
      );
    case 'parked':
      return !canComeToAnEnd(scenario);
    case 'spinning':
    case 'livelocked':
    case 'starved':
    case 'unfinished':
      return false;
  }
}

export function hasError(side: SideScript): boolean {
  return [side.read, side.write, side.flush, side.shutdown].some((list) => list?.includes('e') === true);
}

/** Whether what the sides wait for can come: each gives up to the first wait for more than the other has given. */
export function canComeToAnEnd({ a, b }: Pick<Scenario, 'a' | 'b'>): boolean {
  let [fromA, fromB] = [0, 0];
  for (;;) {
    const [moreFromA, moreFromB] = [givenBy(a.read, fromB), givenBy(b.read, fromA)];
    if (moreFromA.isAll && moreFromB.isAll) return true;
    if (moreFromA.bytes === fromA && moreFromB.bytes === fromB) return false;
    [fromA, fromB] = [moreFromA.bytes, moreFromB.bytes];
  }
}

function givenBy(entries: readonly SideEntry[] = [], received: number): { bytes: number; isAll: boolean } {
  let bytes = 0;
  for (const entry of entries) {
    // Of a count, as much as there is room for, which is one byte at least.
    if (typeof entry === 'number') bytes += Math.min(1, entry);
    else if (typeof entry !== 'object') continue;
    else if ('text' in entry) bytes += Buffer.byteLength(entry.text);
    else if ('bytes' in entry) bytes += entry.bytes;
    else if ('received' in entry && entry.received > received) return { bytes, isAll: false };
  }
  return { bytes, isAll: true };
}

function outcomeText({ outcome, error, polls, waits }: RunResult): string {
  if (error !== null) return error.message;
  const halves = waits.map(({ direction, half, waker }) => `${direction} ${half}${waker ? '' : ' without a waker'}`);
  return `The run was ${outcome} at poll ${polls}${halves.length === 0 ? '' : `: ${halves.join(', ')} waits`}`;
}
