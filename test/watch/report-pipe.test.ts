import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { siblingModule } from '../../src/sibling-module.ts';

test('a supervisor that does not read holds up nobody, and finds whole lines when it reads again', async () => {
  const program = siblingModule(import.meta.url, 'support/reporting-program').pathname;
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [, out, , pipe] = child.stdio;
  if (out === null || !(pipe instanceof Readable)) throw new Error('expected pipes');
  // With a pipe that blocks it never gets there.
  expect(String((await once(out, 'data'))[0])).toBe('done\n');
  const lines = (await text(pipe)).split('\n');
  const whole = lines.slice(0, -1).map((line) => JSON.parse(line) as { relayscope: string });
  expect(whole[0]).toEqual({ relayscope: 'alive', atMs: 1 });
  expect(whole.length).toBeGreaterThan(100);
  expect(whole.length).toBeLessThan(9000);
});
