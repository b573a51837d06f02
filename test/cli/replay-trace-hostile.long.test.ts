import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { capturedIo } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-hostile-trace-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['more bytes than there are', ['{"kind":"read","n":2147483647,"offered":2147483647}']],
  [
    'a buffer that nobody has',
    ['{"kind":"read","n":1,"offered":1e300}', '{"kind":"read","cap":0,"n":-5,"offered":-1}'],
  ],
  [
    'a storm of polls of many calls',
    ['{"kind":"poll","repeat":2147483647}', ...Array.from({ length: 2000 }, () => '{"kind":"read","n":"pending"}')],
  ],
  ['times that run backwards', ['{"kind":"poll","timeMs":1e15}', '{"kind":"wake"}', '{"kind":"poll","timeMs":-1}']],
  [
    'values of every type',
    ['undefined', 'null', 'object', 'bigint', 'boolean', 'string', 'number'].map(
      (type) => `{"kind":"write","direction":"b -> a","n":{"type":"${type}","value":"9x"},"offered":9}`,
    ),
  ],
])('%s in a hostile trace: it comes to an end', async (_name, lines) => {
  const path = join(folder, 'hostile.ndjson');
  writeFileSync(path, ['{"relayscope":"trace","version":1,"dialect":"tokio-1.53.1"}', ...lines].join('\n'));
  const { io, err } = capturedIo();
  const code = await runCli(['replay', path, '--json', '--dialect', 'all'], io);
  expect(err()).toBe('');
  expect([0, 1, 3]).toContain(code);
});
