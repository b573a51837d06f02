import { availableParallelism } from 'node:os';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { benignFaults } from '../../harness/explore/campaign-settings.ts';
import { explore } from '../../harness/explore/explore.ts';
import { systemClock } from '../../src/poll/clock.ts';

/** Nothing is found where nothing is wrong: an instrument that cries wolf is switched off. */

/** One release of each family, and our own. Before 1.10 no copy flushes while its reader waits: a buffered writer does hang there. */
const DIALECTS = [
  ['checked', benignFaults()],
  ['tokio-1.9.0', benignFaults().filter((name) => name !== 'held-until-flush')],
  ['tokio-1.12.0', benignFaults()],
  ['tokio-1.13.1', benignFaults()],
  ['tokio-1.21.2', benignFaults()],
  ['tokio-1.35.1', benignFaults()],
  ['tokio-1.38.0', benignFaults()],
  ['tokio-1.53.1', benignFaults()],
] as const;

test.each(DIALECTS)('in 125,000 benign runs of %s nothing is found', async (dialect, faults) => {
  const { runs, findings } = await explore({
    settings: { seed: 2026, dialect, faults, diagnosed: true },
    from: 0,
    runs: 125_000,
    timeMs: Infinity,
    workers: availableParallelism(),
    versions: {},
    clock: systemClock,
    signal: new AbortController().signal,
  });
  expect(runs).toBe(125_000);
  // One direction alone may use up a budget from 1.36 on: that is a fault of the dialect, and found as one.
  const list = findings.list.filter(({ what, capsule }) => what !== 'starved' || capsule.options.coopBudget !== true);
  expect(list.map(({ what, direction, message, run }) => ({ what, direction, message, run }))).toEqual([]);
});

test('in a gibibyte of mixed traffic through the tap and the tunnel nothing is found', async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['harness/bench/main.ts', 'healthy', '--gib', '1', '--json']);
  const { bytes, sessions, findings } = JSON.parse(stdout) as {
    bytes: number;
    sessions: Record<string, number>;
    findings: unknown[];
  };
  expect(bytes).toBeGreaterThanOrEqual(2 ** 30);
  expect(Object.keys(sessions)).toHaveLength(16);
  expect(findings).toEqual([]);
});
