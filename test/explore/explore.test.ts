import { expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/poll/clock.ts';
import { explore, type ExploreOptions } from '../../harness/explore/explore.ts';

const options: ExploreOptions = {
  settings: { seed: 11, dialect: 'checked', faults: ['count', 'swallow', 'late', 'early-end'] },
  from: 0,
  runs: 2500,
  timeMs: Infinity,
  workers: 1,
  versions: {},
  clock: systemClock,
  signal: new AbortController().signal,
};

test('the findings are the same however many threads look for them', async () => {
  const one = await explore(options);
  const three = await explore({ ...options, workers: 3 });
  expect(one.runs).toBe(2500);
  expect(three.runs).toBe(2500);
  expect(one.findings.list.length).toBeGreaterThan(3);
  expect(three.findings.list).toEqual(one.findings.list);
  expect(three.findings.failedRuns).toBe(one.findings.failedRuns);
});

test('one run of a campaign is made again by its number', async () => {
  const { findings } = await explore({ ...options, runs: 100 });
  const [first] = findings.list;
  const again = await explore({ ...options, from: first?.run ?? -1, runs: 1 });
  expect(again.runs).toBe(1);
  expect(again.findings.list).toEqual([{ ...first, count: 1 }]);
});

test('a campaign that is stopped keeps what it has found', async () => {
  const stop = new AbortController();
  const done = await explore({
    ...options,
    runs: Infinity,
    signal: stop.signal,
    onProgress: ({ runs }) => {
      if (runs >= 2000) stop.abort();
    },
  });
  expect(done.runs).toBeGreaterThanOrEqual(2000);
  expect(done.findings.list.length).toBeGreaterThan(3);
});

test('no range is begun after the time is over', async () => {
  let nowMs = 0;
  // Each look at it takes a second.
  const clock: Clock = { ...systemClock, nowMs: () => (nowMs += 1000) };
  const done = await explore({ ...options, runs: Infinity, timeMs: 10_000, clock });
  expect(done.runs).toBeGreaterThanOrEqual(1000);
  expect(done.runs).toBeLessThanOrEqual(10_000);
});
