import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const CHECK = new URL('../../harness/check/check-stream.ts', import.meta.url).href;

/** With a timer that keeps nothing alive Node ends at once, with exit code 13 for an await that is never over. */
test('a program whose factory never settles is told, though nothing else keeps it alive', async () => {
  const program = `
    import { checkStream } from ${JSON.stringify(CHECK)};
    const never = () => new Promise(() => undefined);
    console.log(await checkStream(never, { timeoutMs: 100 }).catch(({ code }) => code));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  expect(stdout).toBe('CHECK_FACTORY_TIMEOUT\n');
});
