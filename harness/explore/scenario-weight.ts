import type { Scenario } from '../scenario/scenario.ts';

/** A fault more weighs as much as so many characters; so does an entry of a script. */
const FAULT = 1000;
const ENTRY = 20;
/** A fault that acts at both sides is two. */
const SECOND_SIDE = 20;

/** How much there is to read and to think of in a scenario: what minimising makes less. */
export function weightOf({ options, seed, a, b, plan }: Scenario): number {
  const lists = [a, b].flatMap(({ read, write, flush, shutdown }) => [read, write, flush, shutdown]);
  const entries = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  const bothSides = plan.faults.filter(({ side }) => side === undefined).length;
  const parts = { options, seed, a, b, faults: plan.faults };
  let magnitude = 0;
  const text = JSON.stringify(parts, (_key, value: unknown) => {
    // The number of its binary digits: 64 bytes weigh more than 32.
    if (typeof value === 'number') magnitude += 32 - Math.clz32(Math.abs(value));
    return value;
  });
  return plan.faults.length * FAULT + bothSides * SECOND_SIDE + entries * ENTRY + text.length + magnitude;
}
