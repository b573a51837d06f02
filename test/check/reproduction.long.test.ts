import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installedProject, runIn } from '../installed-project.ts';

/** In a project of its own, where a reproduction is pasted; with and without fast-check, which is optional. */

const withIt = installedProject(null, ['vitest@5', 'fast-check@4']);
const withoutIt = installedProject(null, []);

afterAll(() => {
  for (const folder of [withIt, withoutIt]) rmSync(folder, { recursive: true });
});

/** The story's adapter as a function over a polled stream. */
const ADAPTER = `
import { PENDING } from 'relayscope';
export function counting(inner) {
  return {
    pollRead: (...args) => inner.pollRead(...args),
    pollWrite: (...args) => {
      const n = inner.pollWrite(...args);
      return n === PENDING ? n : n + 1;
    },
    pollFlush: (cx) => inner.pollFlush(cx),
    pollShutdown: (cx) => inner.pollShutdown(cx),
  };
}
export default counting;
`;

function printCheck(folder: string, options: string): string {
  writeFileSync(join(folder, 'counting.js'), ADAPTER);
  const program = `
import { checkStream } from 'relayscope/harness';
import { counting } from './counting.js';
const report = await checkStream(counting, ${options});
for (const { reproduction, shrunk } of report.broken) console.log(shrunk, '\\n' + reproduction);
console.log(report.text());
`;
  writeFileSync(join(folder, 'print.js'), program);
  const { status, text } = runIn(folder, 'node print.js');
  expect(status).toBe(0);
  return text;
}

test('a reproduction is a whole test, and fails for the same law when it is pasted', () => {
  const origin = "{ laws: ['counts'], origin: { module: './counting.js', name: 'default' } }";
  const printed = printCheck(withIt, origin);
  const [, pasted = ''] = /^true \n([\s\S]*?\n\}\);)$/m.exec(printed) ?? [];
  writeFileSync(join(withIt, 'pasted.test.js'), pasted);
  const { status, text } = runIn(withIt, 'vitest run pasted.test.js');
  expect(status).toBe(1);
  expect(text).toContain('counts: pollWrite returned 2: expected PENDING or an integer in 1..1');
  expect(text).toMatch(/Tests +1 failed \(1\)/);
  expect(pasted.split('\n').length).toBeLessThan(12);

  // Mended, it passes.
  writeFileSync(join(withIt, 'counting.js'), ADAPTER.replace('n + 1', 'n'));
  expect(runIn(withIt, 'vitest run pasted.test.js').status).toBe(0);
});

test('one without imports runs beside the check', () => {
  const printed = printCheck(withIt, "{ laws: ['counts'] }");
  const [, pasted = ''] = /^true \n([\s\S]*?\n\}\);)$/m.exec(printed) ?? [];
  const beside = `
import { expect, test } from 'vitest';
import { checkStream } from 'relayscope/harness';
import { counting } from './counting.js';
${pasted}
`;
  writeFileSync(join(withIt, 'beside.test.js'), beside);
  const { status, text } = runIn(withIt, 'vitest run beside.test.js');
  expect(status).toBe(1);
  expect(text).toContain('counts: pollWrite returned 2: expected PENDING or an integer in 1..1');
});

test('without fast-check the same law is found, with a case as it came, and one line says why', () => {
  const printed = printCheck(withoutIt, "{ laws: ['counts'] }");
  expect(printed).toMatch(/^false \ntest\('counts: /m);
  const lines = printed.split('\n').filter((line) => line.includes('fast-check'));
  expect(lines).toEqual(['Not made small: fast-check is not installed (npm install --save-dev fast-check)']);
});

test('without fast-check nothing is said of it where nothing is broken', () => {
  writeFileSync(join(withoutIt, 'counting.js'), ADAPTER);
  const program = `
import { checkStream } from 'relayscope/harness';
const report = await checkStream((inner) => inner, { runs: 100 });
console.log(report.text());
`;
  writeFileSync(join(withoutIt, 'right.js'), program);
  const { status, text } = runIn(withoutIt, 'node right.js');
  expect(status).toBe(0);
  expect(text).toMatch(
    /^Held: counts, wakers, end, flush, shutdown, re-entrancy, back-pressure, conservation\n\d+ cases, seed 1\n$/,
  );
});
