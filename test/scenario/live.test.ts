import { describe, expect, test } from 'vitest';
import { failureReport } from '../../harness/scenario/failure-report.ts';
import { parseScenarioObject } from '../../harness/scenario/parse-scenario.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';

const LIVE = {
  title: 'Both ways',
  dialects: ['checked'],
  live: {
    relay: 'plain',
    client: [{ send: 'ping' }, { receive: 4 }, 'end'],
    origin: [{ receive: 4 }, { send: 'pong' }, 'end'],
  },
  expect: { outcome: 'completed', counts: { aToB: 4, bToA: 4 }, delivered: { aToB: 'ping', bToA: 'pong' } },
};

async function reportOf(scenario: unknown): Promise<string[]> {
  return failureReport(await runDocument({ file: 'x.md', prose: '', scenario: parseScenarioObject(scenario) }));
}

test('a live scenario that comes out otherwise is told with what came, and the command that repeats it', async () => {
  expect(await reportOf(LIVE)).toEqual([]);
  const report = await reportOf({ ...LIVE, expect: { ...LIVE.expect, delivered: { aToB: 'ping', bToA: 'gong' } } });
  expect(report[0]).toBe('x.md: 1 of 1 run failed: Both ways');
  expect(report[1]).toBe('  checked: completed, seed 1');
  expect(report[2]).toBe('    delivered.bToA: expected "gong", got "pong"');
  expect(report.at(-1)).toBe('    again: relayscope run x.md --dialect checked --not-swapped --chunk own');
});

test('an origin that says nothing leaves the copy parked, and the report says what each half waits for', async () => {
  const report = await reportOf({ ...LIVE, live: { ...LIVE.live, origin: [], limitMs: 300 } });
  expect(report).toContain('    outcome: expected "completed", got "parked"');
  expect(report.join('\n')).toMatch(/1: b -> a waits for b to send/);
});

test('among the last events a fault stands with its name', async () => {
  const plan = { faults: [{ fault: 'header-counted', side: 'b' }] };
  const lines = (await reportOf({ ...LIVE, plan })).map((line) => line.replace(/^ *\d+ {2}/, ''));
  expect(lines).toContain('a -> b  fault header-counted (header 1) at b');
});

test('what is found in its trace is compared', async () => {
  const findings = [{ class: 'over-report-spin', direction: 'a -> b' }];
  const plan = { faults: [{ fault: 'header-counted', side: 'b' }] };
  const failed = { outcome: 'failed', direction: 'a -> b', code: 'WRITE_COUNT_INVALID' };
  const tunnel = { ...LIVE.live, relay: 'tunnel' };
  expect(await reportOf({ ...LIVE, live: tunnel, plan, expect: { ...failed, findings } })).toEqual([]);
  expect(await reportOf({ ...LIVE, expect: { ...LIVE.expect, findings } })).toContain(
    '    findings: expected over-report-spin (a -> b), got nothing',
  );
});

/** Beneath the fault the trace has what the socket really took: that is how the lie of the adapter is told from a lost byte. */
test('what is found in the whole trace of a relay is compared, and nothing is found where nothing is broken', async () => {
  const expected = { outcome: 'completed', findings: [] };
  expect(await reportOf({ ...LIVE, expect: expected })).toEqual([]);
  const plan = { faults: [{ fault: 'header-counted', side: 'b' }] };
  const broken = { ...LIVE, dialects: ['tokio-1.12.0'], plan, expect: { outcome: 'spinning', findings: [] } };
  const report = await reportOf(broken);
  expect(report[2]).toBe('    findings: expected nothing, got over-report-spin (a -> b)');
  expect(report.join('\n')).toMatch(/a -> b\s+beneath: write\s+offered 4, took 4/);
});

/** Without this a document about a fault whose moment never comes would be a test that passes. */
test('a fault that never fires is a failure', async () => {
  const plan = { faults: [{ fault: 'latency', ms: 1, when: { byte: 1000 } }] };
  expect(await reportOf({ ...LIVE, plan })).toContain(
    '    plan.faults[0]: expected latency to fire, got nothing that it could act on',
  );
});

describe('what a live scenario cannot have is refused', () => {
  const cases: readonly [name: string, change: object, message: string][] = [
    [
      'a relay that there is not',
      { live: { ...LIVE.live, relay: 'tor' } },
      'live.relay: expected one of plain, tunnel, got "tor"',
    ],
    [
      'a step that there is not',
      { live: { ...LIVE.live, client: ['hang'] } },
      'live.client[0]: expected one of "end", "reset", { send }, { sendBytes }, { receive }, { waitMs }, got "hang"',
    ],
    [
      'a step with a wrong number',
      { live: { ...LIVE.live, client: [{ receive: 0 }] } },
      'live.client[0].receive: expected a whole number from 1 to 67108864, got 0',
    ],
    ['a script', { a: { read: [1] } }, 'a: expected nothing, in a live scenario, got some'],
    [
      'laws',
      { expect: { outcome: 'parked', breaks: ['waker'] } },
      'expect.breaks: expected nothing, in a live scenario, got some',
    ],
    [
      'a fault of frames without frames',
      { plan: { faults: [{ fault: 'close-lost' }] } },
      'plan.faults[0].fault: expected a fault of the poll or transport level, through a plain relay, got "close-lost"',
    ],
  ];
  test.each(cases)('%s', (_name, change, message) => {
    expect(() => parseScenarioObject({ ...LIVE, ...change })).toThrow(`Malformed scenario: ${message}`);
  });
});
