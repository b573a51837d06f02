import { expect, test } from 'vitest';
import { guardedProject, vitestRun } from './support/guarded-run.ts';

/** Where else a worker gets stuck, and how: hooks, code that is compiled, engines that are not JavaScript. */

const IMPORTS = `import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
function drain(pos, cap) {
  while (pos !== cap) pos = 69;
}
`;
const TYPED = `import { expect, test } from 'vitest';
interface Place {
  readonly pos: number;
  readonly cap: number;
}
enum Step { NONE, ONE }
class Loop implements Place {
  constructor(readonly pos: number, readonly cap: number) {}
  run(): void {
    let rounds = 68;
    while (this.pos !== this.cap) {
      rounds += Step.ONE;
    }
  }
}
test('is typed', () => {
  new Loop(69, 68).run();
});
`;
/** A module whose one function branches to its own beginning. */
const WASM = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0].concat(
  [3, 64, 12, 0, 11, 11],
);

const LOOPS: readonly (readonly [string, string, RegExp])[] = [
  [
    'in TypeScript, with the lines of the source',
    TYPED,
    /stuck: stuck\.test\.ts:16 > is typed[^]*Loop\.run\s+stuck\.test\.ts:1[12]\b[^]*this\.pos = 69, this\.cap = 68/,
  ],
  [
    'in beforeAll',
    `${IMPORTS}beforeAll(() => { drain(69, 68); });\ntest('one', () => {});`,
    /stuck: stuck\.test\.ts > beforeAll[^]*stuck\.test\.ts:3\b[^]*pos = 69, cap = 68/,
  ],
  [
    'in the beforeAll of a group',
    `${IMPORTS}describe('group', () => {\n  beforeAll(() => { drain(69, 68); });\n  test('one', () => {});\n});`,
    /stuck: stuck\.test\.ts:5 > group > beforeAll[^]*stuck\.test\.ts:3\b/,
  ],
  [
    'in afterEach',
    `${IMPORTS}afterEach(() => { drain(69, 68); });\ntest('one', () => {});`,
    /stuck: stuck\.test\.ts:6 > one > afterEach[^]*stuck\.test\.ts:3\b/,
  ],
  [
    'in afterAll',
    `${IMPORTS}afterAll(() => { drain(69, 68); });\ntest('one', () => {});`,
    /stuck: stuck\.test\.ts > afterAll[^]*stuck\.test\.ts:3\b/,
  ],
  [
    'in a fixture',
    `${IMPORTS}const own = test.extend({ thing: async ({}, use) => { drain(69, 68); await use(1); } });
own('uses it', ({ thing }) => { expect(thing).toBe(1); });`,
    /stuck: stuck\.test\.ts:6 > uses it[^]*stuck\.test\.ts:3\b/,
  ],
  [
    'in a timer that a test has left behind',
    `${IMPORTS}test('leaves it', () => { setTimeout(() => { drain(69, 68); }, 100); });
test('waits', async () => { await new Promise((resolve) => { setTimeout(resolve, 400); }); });`,
    /stuck: stuck\.test\.ts:5 > leaves it[^]*this test had ended[^]*stuck\.test\.ts:3\b/,
  ],
  [
    'in ticks that follow one another',
    `${IMPORTS}test('ticks', async () => {\n  await new Promise(() => {\n    const go = () => process.nextTick(go);\n    go();\n  });\n});`,
    // Where it is caught is Node's own code, now and then.
    /stuck: stuck\.test\.ts:5 > ticks[^]*Microtasks follow one another without end/,
  ],
  [
    'in a regular expression',
    `${IMPORTS}test('matches', () => {\n  expect(/^(a+)+$/.test('a'.repeat(40) + 'b')).toBe(false);\n});`,
    /stuck: stuck\.test\.ts:5 > matches[^]*stuck\.test\.ts:6\b/,
  ],
  [
    'in WebAssembly',
    `${IMPORTS}test('calls it', () => {
  const module = new WebAssembly.Module(new Uint8Array(${JSON.stringify(WASM)}));
  new WebAssembly.Instance(module).exports.f();
});`,
    /stuck: stuck\.test\.ts:5 > calls it[^]*wasm[^]*stuck\.test\.ts:7\b/,
  ],
];

test.each(
  LOOPS.flatMap(([name, text, says], index) => [[name, index % 2 === 0 ? 'forks' : 'threads', text, says] as const]),
)('a loop %s is named: %s', async (_name, pool, text, says) => {
  const honest = `import { expect, test } from 'vitest';\ntest('honest', () => { expect(1).toBe(1); });`;
  const config = { pool, testTimeout: 1000, hookTimeout: 1000 };
  const run = await vitestRun(guardedProject({ files: { 'stuck.test.ts': text, 'then.test.js': honest }, config }));
  expect({ code: run.code, output: run.output }).toMatchObject({ code: 1 });
  expect(run.output).toMatch(says);
  expect(run.statuses).toMatchObject({ 'then.test.js: honest': 'passed' });
});

test('a loop through setImmediate turns the event loop: it is left to vitest', async () => {
  const text = `${IMPORTS}test('goes on', async () => {
  await new Promise(() => {
    const go = () => setImmediate(go);
    go();
  });
});`;
  const run = await vitestRun(guardedProject({ files: { 'stuck.test.ts': text }, config: { testTimeout: 1000 } }));
  expect(run.code).toBe(1);
  expect(run.output).toMatch(/timed out in 1000ms/);
  expect(run.output).not.toMatch(/relayscope:/);
});

test('a call that never returns is ended where a limit was set for that', async () => {
  const text = `${IMPORTS}import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
test('opens', () => { execFileSync('mkfifo', ['fifo']); readFileSync('fifo'); });`;
  const project = guardedProject({ files: { 'stuck.test.ts': text }, config: { testTimeout: 1000 } });
  const run = await vitestRun(project, { env: { RELAYSCOPE_GUARD_BLOCKED_LIMIT_MS: '2000' } });
  expect({ code: run.code, output: run.output }).toMatchObject({ code: 1 });
  expect(run.output).toMatch(/relayscope: blocked: stuck\.test\.ts:7 > opens[^]*the system call open/);
});
