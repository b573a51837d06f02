import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { Mismatch } from './compare-run.ts';
import type { Expectation } from './scenario.ts';

/**
 * Which faults of a plan have not fired, though nothing was said of that, or have, though they were said not to: a story about
 * something that does not happen in it would be a test that passes.
 *
 * @param texts are those of the faults that have, as the trace has them: `count (by 1)`.
 */
export function compareFired({ faults }: FaultPlan, expect: Expectation, texts: Iterable<string>): Mismatch[] {
  const fired = new Set([...texts].map(nameOf));
  return faults.flatMap(({ fault }, index) => {
    const path = `plan.faults[${index}]`;
    const isMeant = expect.unfired?.includes(fault) !== true;
    if (isMeant === fired.has(fault)) return [];
    return isMeant
      ? [{ path, expected: `${fault} to fire`, got: 'nothing that it could act on' }]
      : [{ path, expected: `${fault} not to fire`, got: 'an event of it' }];
  });
}

/** The names of the faults that have fired, one for each time. */
export function firedFaults(events: readonly TraceEvent[]): string[] {
  return faultTexts(events).map(nameOf);
}

export function faultTexts(events: readonly TraceEvent[]): string[] {
  return events.flatMap(({ kind, text }) => (kind === 'fault' && text !== undefined ? [text] : []));
}

function nameOf(text: string): string {
  return text.split(' (')[0] ?? text;
}
