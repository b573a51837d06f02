import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi, type MatcherState } from 'vitest';
import { Flag, Kind } from '../../../src/trace/event-kind.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { runScenario } from '../../../harness/sim/run-scenario.ts';
import { goldenPath } from '../../../harness/vitest/golden/golden-path.ts';
import { readTrace } from '../../../harness/vitest/judged/judge-trace.ts';
import { registerMatchers } from '../../../harness/vitest/matchers/register-matchers.ts';
import { toMatchTrace } from '../../../harness/vitest/matchers/to-match-trace.ts';
import { scenarioOf, STORY } from '../../sim/scenario-of.ts';
import { matcherState } from './matcher-state.ts';

registerMatchers();

const right = runScenario(STORY, { dialect: 'tokio-1.12.0' });
const other = runScenario(
  scenarioOf({ title: '68 up, 302 down', a: STORY.a, b: { read: [{ received: 68 }, 302, 0], write: [{ d: 1 }] } }),
  { dialect: 'tokio-1.12.0' },
);

let folder = '';
beforeAll(() => {
  vi.stubEnv('RELAYSCOPE_FAILED_TRACES', join(tmpdir(), 'relayscope-failed-traces'));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relayscope-golden-'));
  return () => {
    rmSync(folder, { recursive: true });
  };
});
afterAll(() => {
  rmSync(join(tmpdir(), 'relayscope-failed-traces'), { recursive: true, force: true });
  vi.unstubAllEnvs();
});

interface Told {
  readonly pass: boolean;
  readonly said: string;
  /** What vitest counts. */
  readonly counted: string;
}

async function matched(subject: unknown, name: string, state: MatcherState = matcherState()): Promise<Told> {
  const { pass, message } = await toMatchTrace(state, subject, join(folder, name));
  const { added, matched: same, updated, unmatched } = state.snapshotState;
  const counts = { added, same, updated, unmatched };
  const counted = Object.entries(counts).filter(([, count]) => count.valueOf() > 0);
  return { pass, said: pass === state.isNot ? message() : '', counted: counted.map(([name]) => name).join() };
}

test('a golden trace that is missing is written, and then compared', async () => {
  expect(await matched(right, 'story')).toEqual({ pass: true, said: '', counted: 'added' });
  const text = readFileSync(join(folder, 'story.ndjson'), 'utf8');
  expect(text.split('\n').slice(0, 4)).toEqual([
    '{"relayscope":"trace","version":1,"writer":"relayscope","title":"68 up, 302 down","dialect":"tokio-1.12.0"}',
    '{"chunk":"connection","connection":1,"a":"a","b":"b"}',
    '{"kind":"poll","connection":1,"n":1}',
    '{"kind":"read","connection":1,"direction":"a -> b","pos":0,"cap":0,"n":68,"offered":2048}',
  ]);
  expect(text.trimEnd().split('\n').at(-1)).toBe(
    '{"chunk":"verdict","outcome":"completed","message":"The run was completed at poll 2","atMs":0}',
  );
  expect(await matched(right, 'story')).toEqual({ pass: true, said: '', counted: 'same' });
  expect(readdirSync(folder)).toEqual(['story.ndjson']);
});

test('in CI none is written, and its absence fails', async () => {
  const { pass, said, counted } = await matched(right, 'story', matcherState({ update: 'none' }));
  expect({ pass, counted }).toEqual({ pass: false, counted: 'unmatched' });
  expect(said).toMatch(
    /^There is no golden trace .*story\.ndjson; in CI none is written: run it where you work, or with -u\n/,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('the first step that differs is shown with what is around it', async () => {
  await matched(right, 'story');
  const { pass, said, counted } = await matched(other, 'story');
  expect({ pass, counted }).toEqual({ pass: false, counted: 'unmatched' });
  expect(said).toContain('\n  The same for 2 steps, then they part.\n');
  expect(said).toContain('\n  >         2  a -> b  write  offered 68, reported 68  (pos 0, cap 68)\n');
  expect(said).toContain('\n  >         2  a -> b  write  offered 68, reported 69  (pos 0, cap 68)\n');
});

test('with -u what differs is written anew, and what does not is left alone', async () => {
  await matched(right, 'story');
  const path = join(folder, 'story.ndjson');
  const mine = readFileSync(path, 'utf8').replace('"n":1}', '"n":7}');
  writeFileSync(path, mine);
  expect(await matched(right, 'story', matcherState({ update: 'all' }))).toMatchObject({ pass: true, counted: 'same' });
  expect(readFileSync(path, 'utf8')).toBe(mine);
  expect(await matched(other, 'story', matcherState({ update: 'all' }))).toMatchObject({ counted: 'updated' });
  expect(await matched(other, 'story')).toMatchObject({ pass: true, counted: 'same' });
});

test('behind not nothing is written, and the same trace fails', async () => {
  const missing = await matched(right, 'story', matcherState({ isNot: true, update: 'all' }));
  expect(missing.said).toMatch(/^There is no golden trace .*; behind \.not none is written/);
  expect(readdirSync(folder)).toEqual([]);
  await matched(right, 'story');
  const same = await matched(right, 'story', matcherState({ isNot: true, update: 'all' }));
  expect(same.said).toMatch(/^Expected another trace than .*, but it is the same/);
  expect(await matched(other, 'story', matcherState({ isNot: true, update: 'all' }))).toMatchObject({ said: '' });
});

/** A copy of two connections on a machine of its own: with its times, ports and numbers. */
function machine(port: number, laterMs: number, rounds: number): Recorder {
  let nowMs = laterMs;
  const clock = { nowMs: () => (nowMs += laterMs), after: () => () => undefined };
  const recorder = new Recorder({ clock });
  const connection = recorder.openConnection({ a: `127.0.0.1:${port}`, b: `[::1]:${port + 1}` });
  recorder.poll(connection);
  recorder.event(Kind.READ, connection, 0, 0, 5, 2048);
  recorder.event(Kind.SOCKET, connection, 0, 0, 2, port);
  for (let round = 0; round < rounds; round += 1) recorder.loop(Flag.NEED_FLUSH, connection, 6, 5);
  return recorder;
}

test('times, ports, how often a loop goes round, and what lies beneath do not matter', async () => {
  expect(await matched(machine(40_001, 0.5, 7), 'machine')).toMatchObject({ counted: 'added' });
  expect(readFileSync(join(folder, 'machine.ndjson'), 'utf8')).toContain('"a":"127.0.0.1:…","b":"[::1]:…"');
  expect(await matched(machine(51_234, 17, 900), 'machine')).toMatchObject({ pass: true, counted: 'same' });
  const fewer = await matched(machine(51_234, 17, 0), 'machine');
  expect(fewer.said).toContain('then');
});

test('how it ended matters, where the steps are the same', async () => {
  const items = [{ kind: 'verdict', verdict: { outcome: 'parked', message: 'After 260 ms', atMs: 260 } }];
  await matched(items, 'end');
  const later = [{ kind: 'verdict', verdict: { outcome: 'parked', message: 'After 1.3 s', atMs: 1300 } }];
  expect(await matched(later, 'end')).toMatchObject({ pass: true });
  const spinning = [{ kind: 'verdict', verdict: { outcome: 'spinning', message: 'After 260 ms', atMs: 260 } }];
  expect((await matched(spinning, 'end')).said).toContain('"outcome":"spinning"');
});

test('of two tests that write the same path, and not the same, the second is told', async () => {
  const testOf = (name: string): MatcherState => {
    const context = { annotate: () => Promise.resolve(), task: {} };
    const task = { id: name, name, file: { filepath: join(process.cwd(), 'test/relay.test.ts') }, context };
    return matcherState({ update: 'all', task: task as never, currentTestName: name });
  };
  await matched(right, 'story', testOf('echoes'));
  expect(await matched(right, 'story', testOf('spins'))).toMatchObject({ pass: true, counted: 'same' });
  const { pass, said, counted } = await matched(other, 'story', testOf('spins'));
  expect({ pass, counted }).toEqual({ pass: false, counted: 'unmatched' });
  expect(said).toMatch(/^Two tests write the golden trace .*, and not the same: "echoes" did before\n/);
  // The test itself, run again, may.
  expect(await matched(other, 'story', testOf('echoes'))).toMatchObject({ pass: true, counted: 'updated' });
});

test('tests that run at the same time take turns', async () => {
  const states = Array.from({ length: 5 }, () => matcherState());
  const results = await Promise.all(states.map((state) => matched(right, 'story', state)));
  expect(results.map(({ counted }) => counted).toSorted()).toEqual(['added', 'same', 'same', 'same', 'same']);
});

test('a golden trace may be a .trace, or one that was exported', async () => {
  expect(await matched(right, 'story.trace')).toMatchObject({ counted: 'added' });
  expect((await readTrace(join(folder, 'story.trace')))[0]).toMatchObject({ kind: 'about' });
  expect(await matched(right, 'story.trace')).toMatchObject({ counted: 'same' });
  await expect('traces/golden/off-by-one.trace').toMatchTrace('off-by-one.trace');
});

test('one that is damaged is said to be, with its line', async () => {
  writeFileSync(join(folder, 'story.ndjson'), '{"relayscope":"trace","version":1}\n{"kind":"raed"}\n');
  await expect(matched(right, 'story')).rejects.toMatchObject({
    code: 'TRACE_MALFORMED',
    message: expect.stringMatching(/story\.ndjson: Line 2 /) as string,
  });
});

test('a trace that lacks records is no golden one', async () => {
  const recorder = new Recorder({ keptRecords: 1, ringRecords: 512 });
  const connection = recorder.openConnection();
  for (let n = 1; n < 2000; n += 1) recorder.event(Kind.READ, connection, 0, 0, n, 2048);
  await expect(matched(recorder, 'story')).rejects.toMatchObject({ code: 'SUBJECT_UNKNOWING' });
});

test('a bare name is below traces/golden, a path begins at the root of the project', () => {
  expect(goldenPath('/project', 'echo')).toBe('/project/traces/golden/echo.ndjson');
  expect(goldenPath('/project', 'echo.trace')).toBe('/project/traces/golden/echo.trace');
  expect(goldenPath('/project', 'goldens/echo')).toBe('/project/goldens/echo.ndjson');
  expect(goldenPath('/project', '/elsewhere/echo.jsonl')).toBe('/elsewhere/echo.jsonl');
  for (const wrong of ['', 'goldens/', undefined, 7])
    expect(() => goldenPath('/project', wrong)).toThrow(expect.objectContaining({ code: 'MATCHER_ARGUMENT_INVALID' }));
});

test('it is not for polling', async () => {
  await expect(matched(right, 'story', matcherState({ poll: true }))).rejects.toMatchObject({
    code: 'MATCHER_ARGUMENT_INVALID',
  });
});
