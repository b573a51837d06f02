import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundedCase, isBounded } from '../../harness/check/bounded-case.ts';
import { checkStream } from '../../harness/check/check-stream.ts';
import { generateCase } from '../../harness/check/generate-case.ts';
import { MAX_SHRINK_TRIES, shrinkCase } from '../../harness/check/shrink-case.ts';
import { streamCaseArbitrary } from '../../harness/check/stream-case-arbitrary.ts';
import type { StreamCase } from '../../harness/check/stream-case.ts';
import { streamCases } from '../../harness/fast-check/index.ts';
import { Random } from '../../harness/sim/random.ts';
import { OffByOne } from './defects/off-by-one.ts';
import { Passing } from './defects/passing.ts';

const LARGE: StreamCase = {
  inner: { capacityBytes: 100, chunkBytes: 61, pendingEvery: 2, wakesAtOnce: true, holds: true, chunks: true },
  steps: [
    { kind: 'far-write', bytes: 200 },
    { kind: 'turn' },
    { kind: 'read', bytes: 61, chunk: true },
    { kind: 'write', bytes: 100, given: true },
    { kind: 'poll', half: 'write', newWaker: true },
    { kind: 'far-read', bytes: 17 },
    { kind: 'flush' },
    { kind: 'shutdown' },
    { kind: 'far-end' },
    { kind: 'fail' },
  ],
  endsFirst: 'far',
};

test('whatever case the generator makes can be made small', () => {
  const arbitrary = streamCaseArbitrary(fc);
  for (const carriesHalfClose of [true, false]) {
    const random = new Random(42);
    for (let run = 0; run < 500; run += 1)
      expect(arbitrary.canShrinkWithoutContext(generateCase(random, { carriesHalfClose }))).toBe(true);
  }
  expect(arbitrary.canShrinkWithoutContext(LARGE)).toBe(true);
});

test('a case that would take tens of thousands of calls is bounded, and no other is touched', () => {
  const [far, write] = [
    { kind: 'far-write', bytes: 65_536 },
    { kind: 'write', bytes: 3 },
  ] as const;
  const slow: StreamCase = { inner: { chunkBytes: 2, capacityBytes: 9 }, steps: [far, write, { kind: 'turn' }] };
  expect(boundedCase(slow)).toEqual({
    inner: { chunkBytes: 2, capacityBytes: 9 },
    steps: [{ kind: 'far-write', bytes: 128 }, write, { kind: 'turn' }],
  });
  expect(isBounded(slow)).toBe(false);
  expect(boundedCase(LARGE)).toBe(LARGE);
});

describe('a case is made as small as it breaks', () => {
  const smallest = (stillBreaks: (streamCase: StreamCase) => boolean): Promise<StreamCase> =>
    shrinkCase(fc, LARGE, (streamCase) => Promise.resolve(stillBreaks(streamCase)));

  test('to nothing at all, if nothing of it matters', async () => {
    expect(await smallest(() => true)).toEqual({ inner: {}, steps: [] });
  });

  test('to one step with one byte, and an ordinary inner side', async () => {
    expect(await smallest(({ steps }) => steps.some(({ kind }) => kind === 'write'))).toEqual({
      inner: {},
      steps: [{ kind: 'write', bytes: 1 }],
    });
  });

  test('with what matters kept to the byte', async () => {
    const needed = ({ inner, steps, endsFirst }: StreamCase): boolean =>
      endsFirst === 'far' &&
      inner.holds === true &&
      (inner.pendingEvery ?? 0) >= 2 &&
      steps.some((step) => step.kind === 'far-write' && step.bytes >= 17) &&
      steps.some(({ kind }) => kind === 'far-end');
    expect(await smallest(needed)).toEqual({
      inner: { pendingEvery: 2, holds: true },
      steps: [{ kind: 'far-write', bytes: 17 }, { kind: 'far-end' }],
      endsFirst: 'far',
    });
  });

  test('never to one that takes more calls beneath: a smaller buffer with as many bytes', async () => {
    const start: StreamCase = { inner: { capacityBytes: 5000 }, steps: [{ kind: 'write', bytes: 10_000 }] };
    const tried: StreamCase[] = [];
    await shrinkCase(fc, start, (streamCase) => {
      tried.push(streamCase);
      return Promise.resolve(streamCase.inner.capacityBytes !== undefined && streamCase.steps.length > 0);
    });
    expect(tried.length).toBeGreaterThan(5);
    expect(tried.every(isBounded)).toBe(true);
  });

  test('with an end to the tries', async () => {
    let tries = 0;
    await shrinkCase(fc, LARGE, () => {
      tries += 1;
      // Smaller by one byte each time, and never done.
      return Promise.resolve(tries % 3 === 0);
    });
    expect(tries).toBeLessThanOrEqual(MAX_SHRINK_TRIES);
  });
});

test('a check tells the smallest case, and the breach of that case', async () => {
  const report = await checkStream((inner) => new OffByOne(inner), { runs: 100, laws: ['counts'] });
  expect(report.broken).toMatchObject([
    {
      law: 'counts',
      message: 'pollWrite returned 2: expected PENDING or an integer in 1..1',
      case: { inner: {}, steps: [{ kind: 'write', bytes: 1 }] },
      shrunk: true,
    },
  ]);
});

test('what a project has set for its own properties has no say in it', async () => {
  fc.configureGlobal({ endOnFailure: true, numRuns: 1, interruptAfterTimeLimit: 0, markInterruptAsFailure: true });
  try {
    const report = await checkStream((inner) => new OffByOne(inner), { runs: 100, laws: ['counts'] });
    expect(report.broken.map((broken) => broken.case)).toEqual([{ inner: {}, steps: [{ kind: 'write', bytes: 1 }] }]);
  } finally {
    fc.resetConfigureGlobal();
  }
});

test('a case that was asked for is told as it is', async () => {
  const report = await checkStream((inner) => new OffByOne(inner), { case: LARGE });
  expect(report.broken.map((broken) => [broken.case, broken.shrunk])).toEqual([[LARGE, false]]);
  expect(report.text()).not.toContain('fast-check');
  expect(report.text()).toContain('The one case that it was given');
});

test('the same seed gives the same report, and every case is told before it is run', async () => {
  const cases: string[][] = [[], []];
  const texts: string[] = [];
  for (const told of cases) {
    const report = await checkStream((inner) => new OffByOne(inner), {
      runs: 50,
      seed: 7,
      onCase: (streamCase) => told.push(JSON.stringify(streamCase)),
    });
    texts.push(report.text());
  }
  expect(texts[1]).toBe(texts[0]);
  expect(cases[1]).toEqual(cases[0]);
  expect(cases[0]?.length).toBeGreaterThan(50);
});

test('a property of one’s own has cases, too, that print as what can be pasted', async () => {
  const property = fc.asyncProperty(streamCases({ maxSteps: 4 }), async (streamCase) => {
    const { broken } = await checkStream((inner) => new OffByOne(inner), { case: streamCase, laws: ['counts'] });
    return broken.length === 0;
  });
  const { counterexample } = await fc.check(property, { seed: 42 });
  expect(fc.stringify(counterexample)).toBe("[{ inner: {}, steps: [{ kind: 'write', bytes: 1 }] }]");
  const lawful = fc.asyncProperty(streamCases(), async (streamCase) => {
    const { broken } = await checkStream((inner) => new Passing(inner), { case: streamCase });
    return broken.length === 0;
  });
  expect((await fc.check(lawful, { seed: 42, numRuns: 50 })).failed).toBe(false);
});
