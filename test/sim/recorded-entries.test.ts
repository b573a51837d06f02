import { describe, expect, test } from 'vitest';
import { parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';
import type { SideScript } from '../../harness/scenario/scenario.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { readRing } from '../../src/trace/read-ring.ts';

/** The entries that only a record of a real run needs. They go through the schema, as a document's do. */
function run(a: SideScript, b: SideScript, dialect = 'tokio-1.21.2') {
  const scenario = parseScenarioObject({
    title: 'entries',
    dialects: [dialect],
    a,
    b,
    expect: { outcome: 'completed' },
  });
  const recorder = new Recorder();
  const result = runScenario(scenario, { dialect, recorder });
  const events = readRing(recorder.buffer);
  const reads = (direction: string) =>
    events.filter((event) => event.kind === 'read' && event.direction === direction).map(({ n }) => n);
  const polls = events.filter(({ kind }) => kind === 'poll').map(({ timeMs }) => timeMs);
  return { result, reads, polls };
}

describe('bytes', () => {
  test('go on in the next read where the room ends, and are those that the seed makes of a count', () => {
    const { result, reads } = run({ read: [{ bytes: 5000 }] }, {}, 'tokio-1.9.0');
    expect(reads('a -> b')).toEqual([2048, 2048, 904, 0]);
    const counted = run({ read: [2048, 2048, 904] }, {}, 'tokio-1.9.0').result;
    expect(Buffer.compare(result.delivered.aToB, counted.delivered.aToB)).toBe(0);
  });
});

describe('received, with waitMs', () => {
  test('wakes once, so long after the bytes are there', () => {
    const { reads, polls } = run({ read: [68] }, { read: [{ received: 68, waitMs: 4.5 }, 302] });
    expect(reads('b -> a')).toEqual(['pending', 302, 0]);
    expect(polls).toEqual([0, 4.5]);
  });

  test('counts from the first call where the bytes are there already', () => {
    const { reads, polls } = run({ read: [68] }, { read: [{ waitMs: 10 }, { received: 68, waitMs: 5 }, 302] });
    expect(reads('b -> a')).toEqual(['pending', 'pending', 302, 0]);
    expect(polls).toEqual([0, 10, 15]);
  });

  test('holds a writer as well', () => {
    const { result, polls } = run({ read: [8] }, { read: [1], shutdown: [{ received: 8, waitMs: 3 }] });
    expect(result.outcome).toBe('completed');
    expect(polls).toEqual([0, 3]);
  });
});

describe('waitMs', () => {
  test('has fractions to the microsecond, and what is due at one moment is due at once', () => {
    const { polls } = run({ read: [{ waitMs: 0.1 }, { waitMs: 0.2 }, 1] }, { read: [{ waitMs: 0.3 }, 1] });
    expect(polls).toEqual([0, 0.1, 0.3]);
  });
});

describe('returns', () => {
  test.each([
    ['NaN', { type: 'number', value: Number.NaN }, 'spinning', Number.NaN],
    ['undefined', { type: 'undefined', value: '' }, 'spinning', Number.NaN],
    ['-1', { type: 'number', value: -1 }, 'failed', -1],
  ] as const)('%s is what the writer says', (_name, returns, outcome, counted) => {
    const { result } = run({ read: [68] }, { write: [{ returns }, 69] });
    expect(result.outcome).toBe(outcome);
    expect(result.counts.aToB).toBe(counted);
  });

  test('is refused by checked in each call', () => {
    const returns = { type: 'null', value: '' } as const;
    const codes = (['read', 'write', 'flush', 'shutdown'] as const).map((call) => {
      const side: SideScript = { [call]: [{ returns }] };
      return run(call === 'read' ? side : { read: [68] }, call === 'read' ? {} : side, 'checked').result.error?.code;
    });
    expect(codes).toEqual(['READ_COUNT_INVALID', 'WRITE_COUNT_INVALID', 'RESULT_INVALID', 'RESULT_INVALID']);
  });
});
