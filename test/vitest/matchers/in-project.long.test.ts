import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedProject, runIn } from '../../installed-project.ts';

/** The matchers in a project of their own, in JavaScript and TypeScript, with each vitest that they are for. */

const SCENARIOS = `
import { parseScenarioObject, runScenario } from 'relayscope/harness';
const scenario = (b) => parseScenarioObject({
  title: 'a question', dialects: ['checked'], expect: { outcome: 'completed' }, seed: 1, plan: { faults: [] }, options: {},
  a: { read: [{ text: 'GET /' }, 0] }, b,
});
const RIGHT = scenario({ read: [{ received: 5 }, { text: '302' }, 0] });
const WRONG = scenario({ read: [{ received: 5 }, { text: '302' }, 0], write: [{ d: 1 }] });
export const right = () => runScenario(RIGHT, { dialect: 'tokio-1.12.0' });
export const wrong = () => runScenario(WRONG, { dialect: 'tokio-1.12.0' });
`;

const FAILING = `
import { describe, expect, test } from 'vitest';
import 'relayscope/vitest';
import { PENDING, Recorder, copyBidirectional } from 'relayscope';
import { right, wrong } from './scenarios.js';
describe('a relay (of ours)', () => {
  test('completes', () => { expect(wrong()).toComplete(); });
  test('completes $too', ({ expect }) => { expect.soft(wrong()).toHaveNoFindings(); expect.soft(right()).toComplete(); });
});
test('is polled', async () => {
  const recorder = new Recorder();
  await expect.poll(() => recorder, { timeout: 200 }).toComplete();
});
test('is polled until it holds', async () => {
  let count = 0;
  await expect.poll(() => { count += 1; return count < 3 ? wrong() : right(); }).toComplete();
});
test('does not hang', async () => {
  const forgetful = { pollRead: () => PENDING, pollWrite: () => PENDING, pollFlush: () => 0, pollShutdown: () => 0 };
  await expect(copyBidirectional(forgetful, forgetful, { recorder: new Recorder() })).toComplete();
});
test('passes', () => { expect(right()).toComplete(); });
`;

const GOLDEN = `
import { expect, test } from 'vitest';
import 'relayscope/vitest';
import { right, wrong } from './scenarios.js';
test('golden', async () => { await expect(process.env.WRONG ? wrong() : right()).toMatchTrace('question'); });
test.runIf(process.env.TWO)('other', async () => { await expect(wrong()).toMatchTrace('question'); });
`;

const CONCURRENT = `
import { describe, expect, test } from 'vitest';
import 'relayscope/vitest';
import { right, wrong } from './scenarios.js';
describe.concurrent('together', () => {
  for (const name of ['one', 'two', 'three'])
    test(name, async ({ expect }) => {
      await expect(right()).toMatchTrace('together');
      await expect(wrong()).toMatchTrace(name);
    });
});
`;

const TYPED = `
import { expect, test } from 'vitest';
import 'relayscope/vitest';
import { right } from './scenarios.js';
test('typed', async () => {
  await expect(right()).toComplete({ withinMs: 100 });
  await expect(right()).not.toHang({ kind: 'parked', direction: 'a -> b' });
  await expect.soft(right()).not.toHaveFinding('missed-flush', { direction: 'b -> a' });
  await expect(right()).toDeliver({ aToB: 5, bToA: '302' });
  await expect(right()).toDeliver({ bToA: new Uint8Array([51, 48, 50]) });
  await expect(right()).not.toFailWith('WRITE_COUNT_INVALID');
  await expect(Promise.resolve(right())).resolves.toHaveNoFindings();
  await expect.poll(() => right()).toComplete();
  await expect(right()).toMatchTrace('typed');
});
`;

const MISTYPED = `
import { expect } from 'vitest';
import 'relayscope/vitest';
import { right } from './scenarios.js';
await expect(right()).toHang({ kind: 'stuck' });
await expect(right()).toHang({ direction: 'a to b' });
await expect(right()).toHaveFinding('missed-flsh');
await expect(right()).toDeliver({ up: 5 });
await expect(right()).toMatchTrace();
await expect(right()).not.toBeRelayed();
`;

/** Writes what reporters of attachments are given. */
const REPORTER = `
import { existsSync } from 'node:fs';
export default class {
  onTestCaseAnnotate(testCase, { message, attachment }) {
    const there = attachment?.path !== undefined && existsSync(attachment.path);
    console.log('ATTACHED', testCase.name, '|', message, '|', attachment?.contentType, there);
  }
}
`;

describe.each(['4.1.12', '5'])('vitest %s', (version) => {
  const run = (command: string): ReturnType<typeof runIn> => runIn(folder, command);
  let folder = '';

  beforeAll(() => {
    folder = installedProject(null, [`vitest@${version}`, 'typescript@7']);
    const files = { 'scenarios.js': SCENARIOS, 'failing.test.js': FAILING, 'golden.test.js': GOLDEN };
    const more = {
      'concurrent.test.js': CONCURRENT,
      'typed.test.ts': TYPED,
      'mistyped.ts': MISTYPED,
      'reporter.js': REPORTER,
    };
    for (const [name, text] of Object.entries({ ...files, ...more })) writeFileSync(join(folder, name), text);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('what fails says what came, saves its trace, attaches it, and names the command that repeats it', () => {
    const { status, text } = run('vitest run failing --reporter=default --reporter=./reporter.js');
    expect(status, text).toBe(1);
    expect(text).toContain('Tests  4 failed | 2 passed');
    expect(text).toContain('Expected a run in memory to complete, but it was spinning, a -> b: Spinning in a -> b');
    expect(text).toContain('6  a -> b  write  offered 5, reported 6  (pos 0, cap 5)');
    expect(text).toContain('finding: over-report-spin (a -> b): A write was offered 5 bytes and reported 6');
    expect(text).toContain(
      'Expected a live copy to complete, but it was parked, a -> b: Nobody will wake the read half',
    );
    expect(text).toContain('a -> b waits for a to send, and nobody will wake it');
    const attached = text.split('\n').filter((line) => line.startsWith('ATTACHED'));
    const trace = 'failing-a-relay-of-ours-completes.trace';
    expect(attached).toContain(
      `ATTACHED completes | trace: relayscope why traces/failed/${trace} | application/vnd.relayscope.trace true`,
    );
    expect(attached.map((line) => line.split(' | ')[0])).toEqual(
      expect.arrayContaining(['ATTACHED completes $too', 'ATTACHED is polled', 'ATTACHED does not hang']),
    );
    expect(attached).toHaveLength(4);
    expect(run(`relayscope why traces/failed/${trace}`)).toMatchObject({ status: 1 });

    const again = [...text.matchAll(/again: (.*)/g)].map(([, command]) => command ?? '');
    expect(again[0]).toBe(String.raw`npx vitest run failing.test.js -t '^a relay \(of ours\) (> )?completes$'`);
    for (const command of new Set(again)) {
      const repeated = run(command);
      expect(repeated.status, command).toBe(1);
      expect(repeated.text, command).toContain('Tests  1 failed | 5 skipped');
    }
  });

  test('a golden trace is written, compared, updated with -u, and never written in CI', () => {
    const golden = join(folder, 'traces/golden/question.ndjson');
    const missing = run('CI=1 vitest run golden');
    expect(missing.status, missing.text).toBe(1);
    expect(missing.text).toContain('There is no golden trace traces/golden/question.ndjson; in CI none is written');
    expect(existsSync(golden)).toBe(false);

    expect(run('vitest run golden').text).toContain('Snapshots  1 written');
    const written = readFileSync(golden, 'utf8');
    expect(run('CI=1 vitest run golden')).toMatchObject({ status: 0 });

    const other = run('WRONG=1 vitest run golden');
    expect(other.status, other.text).toBe(1);
    expect(other.text).toContain('Snapshots  1 failed');
    expect(other.text).toContain('>         2  a -> b  write  offered 5, reported 6  (pos 0, cap 5)');
    expect(readFileSync(golden, 'utf8')).toBe(written);
    const update = /if that is on purpose: (.*)/.exec(other.text)?.[1] ?? '';
    expect(run(`WRONG=1 ${update}`).text).toContain('Snapshots  1 updated');
    expect(run('WRONG=1 vitest run golden')).toMatchObject({ status: 0 });

    const two = run('TWO=1 vitest run golden -u');
    expect(two.status, two.text).toBe(1);
    expect(two.text).toContain(
      'Two tests write the golden trace traces/golden/question.ndjson, and not the same: "golden" did before',
    );
    expect(readFileSync(golden, 'utf8')).toBe(written);
  });

  test('tests that run at the same time write one golden trace between them, and each its own', () => {
    const { status, text } = run('vitest run concurrent');
    expect(status, text).toBe(0);
    expect(text).toContain('Snapshots  4 written');
    expect(run('CI=1 vitest run concurrent')).toMatchObject({ status: 0 });
  });

  test('arguments are typed', () => {
    const tsc =
      'tsc --noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2023 --types node --allowJs';
    const typed = run(`${tsc} --skipLibCheck typed.test.ts`);
    expect(typed.status, typed.text).toBe(0);
    const { text } = run(`${tsc} --skipLibCheck mistyped.ts`);
    const errors = [...text.matchAll(/^mistyped\.ts\((\d+),\d+\): error (TS\d+): (.*)/gm)];
    expect(errors.map(([, line, code]) => `${line} ${code}`)).toEqual([
      '5 TS2322',
      '6 TS2322',
      '7 TS2345',
      '8 TS2353',
      '9 TS2554',
      '10 TS2339',
    ]);
    // Ours are free of errors where vitest's are looked at, too.
    expect(run(`${tsc} typed.test.ts`).text).not.toContain('node_modules/relayscope/');
    const ran = run('vitest run typed');
    expect(ran.status, ran.text).toBe(0);
  });
});
