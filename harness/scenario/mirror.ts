import type { Direction } from '../../src/poll/direction.ts';
import type { FaultEntry } from '../faults/fault-plan.ts';
import type { Expectation, Scenario } from './scenario.ts';

/** The same scenario with a and b swapped: what was a's script is b's, and what happened a -> b is expected b -> a. */
export function mirrorScenario(scenario: Scenario): Scenario {
  const { a, b, options, plan, expect, swapped } = scenario;
  const { bufferBytes } = options;
  return {
    ...scenario,
    a: b,
    b: a,
    options: typeof bufferBytes === 'object' ? { ...options, bufferBytes: swapDirections(bufferBytes) } : options,
    plan: { ...plan, faults: plan.faults.map(mirrorFault) },
    expect: swapped === undefined || 'not' in swapped ? mirrorExpectation(expect) : swapped,
  };
}

/** A golden trace is of the scenario as it stands, and is not mirrored. */
export function mirrorExpectation(own: Expectation): Expectation {
  const { golden: _golden, ...expect } = own;
  const { direction, counts, delivered, waits, findings, events, never } = expect;
  return {
    ...expect,
    ...(direction === undefined ? {} : { direction: mirrorDirection(direction) }),
    ...(counts === undefined ? {} : { counts: swapDirections(counts) }),
    ...(delivered === undefined ? {} : { delivered: swapDirections(delivered) }),
    ...(waits === undefined
      ? {}
      : { waits: waits.map((wait) => ({ ...wait, direction: mirrorDirection(wait.direction) })) }),
    ...(findings === undefined
      ? {}
      : { findings: findings.map((finding) => ({ ...finding, direction: mirrorDirection(finding.direction) })) }),
    ...(events === undefined ? {} : { events: events.map(mirrorLine) }),
    ...(never === undefined ? {} : { never: never.map(mirrorLine) }),
  };
}

function mirrorFault(fault: FaultEntry): FaultEntry {
  const { direction } = fault;
  return {
    ...fault,
    ...(fault.side === undefined ? {} : { side: fault.side === 'a' ? 'b' : 'a' }),
    ...(direction === 'a -> b' || direction === 'b -> a' ? { direction: mirrorDirection(direction) } : {}),
  };
}

function mirrorDirection(direction: Direction): Direction {
  return direction === 'a -> b' ? 'b -> a' : 'a -> b';
}

/** `a -> b  write  …`, or `a -> b  fault count (by 1) at b`, as it is the other way round. */
function mirrorLine(line: string): string {
  return line
    .replaceAll(/a -> b|b -> a/g, (found) => (found === 'a -> b' ? 'b -> a' : 'a -> b'))
    .replace(/( fault .* at )([ab])$/, (_found, before: string, side: string) => before + (side === 'a' ? 'b' : 'a'));
}

function swapDirections<T>(both: { readonly aToB?: T; readonly bToA?: T }): { aToB: T; bToA: T };
function swapDirections<T>({ aToB, bToA }: { readonly aToB?: T; readonly bToA?: T }): { aToB?: T; bToA?: T } {
  return { ...(bToA === undefined ? {} : { aToB: bToA }), ...(aToB === undefined ? {} : { bToA: aToB }) };
}
