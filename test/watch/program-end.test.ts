import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { siblingModule } from '../../src/sibling-module.ts';
import { itemsOf, readTrace } from './support/read-trace.ts';
import { scratch } from './support/scratch.ts';

/** Runs a program that records a count up to 3000 and ends in some way; what its trace holds then. */
async function endedBy(...way: string[]) {
  const path = join(scratch(), 'ended.trace');
  const program = siblingModule(import.meta.url, 'support/ending-program').pathname;
  const code = await promisify(execFile)(process.execPath, [program, path, ...way]).then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
  const { items, events } = await readTrace(path);
  return { code, last: events.at(-1)?.n, count: events.length, end: itemsOf(items, 'end')[0]?.note };
}

const WAYS = [
  ['with nothing left to do', '', 0, { reason: 'exit' }],
  ['by process.exit', 'exit', 3, { reason: 'exit' }],
  ['by an exception that nobody catches', 'throw', 1, { reason: 'error', message: 'nobody catches this' }],
] as const;

test.each(WAYS)('a program that ends %s has every record on disk', async (_name, way, code, end) => {
  expect(await endedBy(way, 'once the watchdog has begun')).toMatchObject({ code, count: 3000, last: 3000, end });
});

test.each(WAYS)('a program that at once ends %s has every record on disk', async (_name, way, code, end) => {
  expect(await endedBy(way)).toMatchObject({ code, count: 3000, last: 3000, end });
});

test('an exception that a program survives is not how it ended', async () => {
  const { code, end } = await endedBy('survive', 'once the watchdog has begun');
  expect([code, end]).toEqual([0, { reason: 'exit', atMs: end?.atMs }]);
});
