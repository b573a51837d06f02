import { describe, expect, test } from 'vitest';
import type { ActiveFault } from '../../harness/faults/active-fault.ts';
import { activeFaults } from '../../harness/faults/apply-faults.ts';
import { pinGenerators, type FaultEntry, type FaultPlan } from '../../harness/faults/fault-plan.ts';
import { manualClock } from './support/manual-clock.ts';

const clock = manualClock();

function only(entry: Omit<FaultEntry, 'fault'>, context = { connection: 1, recorder: null, clock }): ActiveFault {
  const [fault] = activeFaults('poll', 'a', { faults: [{ fault: 'count', ...entry }] }, context);
  if (fault === undefined) throw new Error('Expected a fault');
  return fault;
}

/** On which of the calls 1 … `calls` it fires. */
function firing(fault: ActiveFault, calls: number): number[] {
  return Array.from({ length: calls }, (_, index) => index + 1).filter(() => fault.fires());
}

describe('a trigger', () => {
  test.each<[Omit<FaultEntry, 'fault'>, number[]]>([
    [{}, [1, 2, 3, 4, 5, 6]],
    [{ times: 2 }, [1, 2]],
    [{ when: { call: 3 } }, [3]],
    [{ when: { call: 3 }, times: 2 }, [3, 4]],
    [{ when: { every: 2 } }, [2, 4, 6]],
    [{ when: { every: 2 }, times: 2 }, [2, 4]],
    [{ when: { chance: 0 } }, []],
    [{ when: { chance: 1 } }, [1, 2, 3, 4, 5, 6]],
  ])('%j fires at the calls %j', (entry, calls) => {
    expect(firing(only(entry), 6)).toEqual(calls);
  });

  test('of a byte fires at the call that reaches it', () => {
    const fault = only({ when: { byte: 100 } });
    fault.pass(60);
    expect(fault.fires(39)).toBe(false);
    expect(fault.fires(40)).toBe(true);
    expect(fault.fires(40)).toBe(false);
  });

  test('of a time fires at the first call from then on, as the connection counts time', () => {
    const time = manualClock();
    time.advance(1000);
    const fault = only({ when: { atMs: 50 } }, { connection: 1, recorder: null, clock: time });
    time.advance(49);
    expect(fault.fires()).toBe(false);
    time.advance(1);
    expect([fault.fires(), fault.fires()]).toEqual([true, false]);
  });

  test('forMs ends it, counted from the first time, and lets a moment last', () => {
    const time = manualClock();
    const fault = only({ when: { call: 2 }, forMs: 10 }, { connection: 1, recorder: null, clock: time });
    time.advance(5);
    expect(firing(fault, 3)).toEqual([2, 3]);
    time.advance(9);
    expect(fault.fires()).toBe(true);
    time.advance(1);
    expect(fault.fires()).toBe(false);
    expect(fault.fired).toBe(3);
  });

  test('without end stays so with a forMs that has passed', () => {
    const time = manualClock();
    const fault = only({ forMs: 10 }, { connection: 1, recorder: null, clock: time });
    time.advance(30);
    expect(fault.fires()).toBe(true);
    time.advance(10);
    expect(fault.fires()).toBe(false);
  });
});

describe('where an entry acts', () => {
  const context = { connection: 2, recorder: null, clock };
  const places = (entry: FaultEntry, side: 'a' | 'b'): string[] =>
    activeFaults('poll', side, { faults: [entry] }, context).map(({ half }) => `${side} ${half}`);

  test.each<[FaultEntry, string[]]>([
    [{ fault: 'short' }, ['a read', 'a write', 'b read', 'b write']],
    [{ fault: 'short', side: 'b' }, ['b read', 'b write']],
    [{ fault: 'short', side: 'b', half: 'read' }, ['b read']],
    [{ fault: 'count' }, ['a write', 'b write']],
    [{ fault: 'count', half: 'read' }, ['a read', 'b read']],
    [{ fault: 'count', connection: 1 }, []],
    [{ fault: 'count', connection: 2 }, ['a write', 'b write']],
  ])('%j: %j', (entry, expected) => {
    expect([...places(entry, 'a'), ...places(entry, 'b')]).toEqual(expected);
  });

  test('a fault that does not exist is refused', () => {
    expect(() => activeFaults('poll', 'a', { faults: [{ fault: 'cuont' }] }, context)).toThrow(
      'Malformed fault plan: faults[0].fault: expected the name of a fault (relayscope list faults), got "cuont"',
    );
  });
});

describe('chance', () => {
  const half = { when: { chance: 0.5 }, side: 'a' as const };
  const plan: FaultPlan = {
    seed: 42,
    faults: [
      { fault: 'count', ...half },
      { fault: 'count', ...half },
    ],
  };
  const drawn = (of: FaultPlan, index: number, connection = 1): number[] => {
    const fault = activeFaults('poll', 'a', of, { connection, recorder: null, clock })[index];
    return fault === undefined ? [] : firing(fault, 40);
  };

  test('is the same for the same seed, on every Node', () => {
    expect(drawn(plan, 0)).toEqual(drawn(plan, 0));
    expect(drawn(plan, 0).slice(0, 8)).toEqual([1, 2, 4, 5, 6, 8, 9, 10]);
  });

  test('is another for each fault, each connection and each seed', () => {
    const all = [drawn(plan, 0), drawn(plan, 1), drawn(plan, 0, 2), drawn({ ...plan, seed: 43 }, 0)];
    expect(new Set(all.map((one) => one.join())).size).toBe(4);
  });

  test('of a fault stays the same when another is taken out of a plan whose generators are pinned', () => {
    const { faults } = pinGenerators(plan);
    expect(drawn({ ...plan, faults: faults.slice(1) }, 0)).toEqual(drawn(plan, 1));
    expect(drawn({ ...plan, faults: plan.faults.slice(1) }, 0)).not.toEqual(drawn(plan, 1));
  });

  test('of about a half fires about half the time', () => {
    const fault = activeFaults('poll', 'a', plan, { connection: 1, recorder: null, clock })[0];
    expect(fault === undefined ? 0 : firing(fault, 10_000).length).toBe(4943);
  });

  test('the seed of the run counts where the plan has none', () => {
    const { faults } = plan;
    const [first] = activeFaults('poll', 'a', { faults }, { connection: 1, recorder: null, clock, seed: 42 });
    expect(first === undefined ? [] : firing(first, 40)).toEqual(drawn(plan, 0));
  });
});
