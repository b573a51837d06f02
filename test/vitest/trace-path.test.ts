import { expect, test, vi } from 'vitest';
import { tracePath } from '../../harness/vitest/trace-path.ts';

test('a trace is called after its test, in a name that every system takes', () => {
  expect(tracePath('/project', 'test/relay.test.ts', 'a relay: "it hangs" > always')).toBe(
    '/project/traces/failed/test-relay.test.ts-a-relay-it-hangs-always.trace',
  );
  expect(tracePath('/project', '../elsewhere/x', '')).toBe('/project/traces/failed/elsewhere-x.trace');
});

test('names that no letters are left of are told apart', () => {
  expect(tracePath('/', 'relay', 'λόγος', 'run')).toBe('/traces/failed/relay-run-b35bc977.trace');
  expect(tracePath('/', 'relay', 'ἔργον', 'run')).not.toBe(tracePath('/', 'relay', 'λόγος', 'run'));
});

test('names that differ in signs alone, or in what is cut, are told apart, and keep their paths', () => {
  const names = ['reads < 5', 'reads > 5', 'Reads > 5', `${'x'.repeat(60)} 1 ${'y'.repeat(40)}`];
  names.push(names[3]?.replace('1', '2') ?? '');
  const paths = names.map((name) => tracePath('/signs', name));
  expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(names.length);
  expect(paths[0]).toBe('/signs/traces/failed/reads-5.trace');
  expect(names.toReversed().map((name) => tracePath('/signs', name))).toEqual(paths.toReversed());
});

test('a long name stays short, and differs where its end does', () => {
  const name = 'it does not hang '.repeat(20);
  const [one, other] = [tracePath('/', `${name}once`), tracePath('/', `${name}twice`)];
  expect(one).not.toBe(other);
  expect(one.length).toBeLessThan(110);
});

test('another folder may be named, from the root of the project', () => {
  vi.stubEnv('RELAYSCOPE_FAILED_TRACES', 'out/traces');
  expect(tracePath('/project', 'a')).toBe('/project/out/traces/a.trace');
  vi.unstubAllEnvs();
});
