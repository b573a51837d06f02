import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { replay } from '../../harness/cli/replay.ts';
import { run } from '../../harness/cli/run.ts';
import { readDocument } from '../../harness/scenario/find-documents.ts';
import { capturedIo } from '../cli/captured-io.ts';

const STORY = 'fixtures/captures/story/right-adapter.pcap';
const folder = mkdtempSync(join(tmpdir(), 'relayscope-as-scenario-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function write(name: string, ...args: string[]): Promise<{ exit: number; told: Record<string, unknown> }> {
  const { io, out } = capturedIo();
  const exit = await replay.run([...args, '--as-scenario', join(folder, name), '--json'], io);
  return { exit, told: JSON.parse(out()) as Record<string, unknown> };
}

test('a capture becomes a document that expects what comes of it, and is run from there', async () => {
  const { exit, told } = await write('right.md', STORY);
  expect(exit).toBe(0);
  // At every size of reads, as it stands and swapped.
  expect(told['scenario']).toEqual({ file: join(folder, 'right.md'), payload: [], runs: 150, failed: 0 });
  const text = readFileSync(join(folder, 'right.md'), 'utf8');
  expect(text).toContain('# Flow 1 of right-adapter.pcap\n');
  expect(text).toContain(
    'text: "GET / HTTP/1.1\\r\\nHost: t.cn\\r\\nUser-Agent: curl/7.88.1\\r\\nAccept: */*\\r\\n\\r\\n"',
  );
  expect(text).toContain('delivered: { aToB: 68, bToA: 110 }');
  const { io, out } = capturedIo();
  expect(await run.run([join(folder, 'right.md')], io)).toBe(0);
  expect(out()).toBe('1 document, 150 runs: all as expected\n');
});

test('the bug of the story becomes a document that keeps it: redacted, it has its lengths and nobody in it', async () => {
  const plan = join(folder, 'plan.yaml');
  writeFileSync(plan, 'faults: [{ fault: count, by: 1, side: b }]\n');
  const { exit, told } = await write('wrong.md', STORY, '--dialect', 'tokio-1.12.0', '--faults', plan, '--redact');
  expect(exit).toBe(3);
  expect(told['scenario']).toMatchObject({ payload: [], failed: 0 });
  const text = readFileSync(join(folder, 'wrong.md'), 'utf8');
  expect(text).not.toMatch(/127\.0\.0\.1|GET|t\.cn/);
  const { scenario } = await readDocument(join(folder, 'wrong.md'));
  expect(scenario).toMatchObject({
    dialects: ['tokio-1.12.0'],
    a: { read: [{ bytes: 68 }, { received: 110 }, 0] },
    b: { read: [{ received: 68 }, { bytes: 110 }, 0] },
    plan: { faults: [{ fault: 'count', by: 1, side: 'b' }] },
    expect: { outcome: 'spinning', direction: 'a -> b', counts: { aToB: 69, bToA: 0 } },
  });
});

test('what is too long to be read stands in a file beside it', async () => {
  const { told } = await write('long.md', 'fixtures/captures/ws-ipv6.pcap');
  expect(told['scenario']).toMatchObject({ payload: ['long.a.bin', 'long.b.bin'], runs: 150, failed: 0 });
  expect(readFileSync(join(folder, 'long.a.bin'))).toHaveLength(2856);
  expect(readFileSync(join(folder, 'long.md'), 'utf8')).toContain('{ file: long.a.bin, from: 406, bytes: 2000 }');
  const { scenario } = await readDocument(join(folder, 'long.md'));
  const [hello] = scenario.a.read ?? [];
  expect(hello).toEqual({ text: 'hello' });
  const said = new Uint8Array(readFileSync(join(folder, 'long.a.bin')));
  expect(scenario.a.read?.[4]).toEqual({ literal: said.subarray(28, 153) });
});

test('what is there already is kept, unless it is to be replaced', async () => {
  await write('kept.md', STORY);
  writeFileSync(join(folder, 'kept.md'), 'mine');
  await expect(write('kept.md', STORY)).rejects.toThrow(/kept\.md: it is there already, and --force is not given$/);
  expect(readFileSync(join(folder, 'kept.md'), 'utf8')).toBe('mine');
  expect((await write('kept.md', STORY, '--force')).exit).toBe(0);
  expect(readFileSync(join(folder, 'kept.md'), 'utf8')).toMatch(/^# Flow 1/);
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
});

test.each([
  [['--redact'], '--redact is of a document: expected --as-scenario FILE.md with it'],
  [['--tunnel', '--as-scenario', 'x.md'], 'A scenario is run in memory'],
  [['--as-scenario', 'x.json'], 'Not a document: expected a name that ends in .md after --as-scenario, got "x.json"'],
])('%j is refused', async (args, message) => {
  await expect(replay.run([STORY, ...args], capturedIo().io)).rejects.toThrow(message);
});
