import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../../harness/cli/run-cli.ts';
import { follow } from '../../capture/support/follow.ts';
import { capturedIo } from '../../cli/captured-io.ts';
import { conversation, ENDS, reply, request } from './conversation.ts';
import { exported, folder } from './exported.ts';
import { HandMadeTrace } from './hand-made-trace.ts';

describe.each(ENDS)('ends %s', (name, ends, client, server) => {
  test('our own reader finds the conversation, byte for byte, with both ends', async () => {
    const { file } = await exported(conversation(ends), `ours-${name}`);
    const [found, ...others] = await follow(readFileSync(file));
    expect(others).toEqual([]);
    expect(found?.bytes[0].equals(request)).toBe(true);
    expect(found?.bytes[1].equals(reply)).toBe(true);
    expect(found?.ends).toEqual(['a fin', 'b fin']);
    expect(found?.gaps).toEqual([[], []]);
    expect(found?.flow).toMatchObject({ client, server, began: 'handshake' });
  });
});

test('the same trace gives the same bytes', async () => {
  const [one, other] = [await exported(conversation(), 'once'), await exported(conversation(), 'again')];
  expect(readFileSync(one.file).equals(readFileSync(other.file))).toBe(true);
});

describe('the story', () => {
  const story = readFileSync('traces/golden/off-by-one.trace');

  test('has the 68 bytes that were offered as a packet of which nothing was recorded, and no more', async () => {
    const { file } = await exported(story, 'story');
    const [found] = await follow(readFileSync(file));
    expect(found?.gaps).toEqual([[{ offset: 0, length: 68, reason: 'snapped' }], []]);
    expect(found?.flow.sides[0]).toMatchObject({ streamBytes: 68, acknowledgedBytes: 68, end: null });
  });
});

test('a direction that fails is reset by who broke it off, and the copy by a', async () => {
  const trace = new HandMadeTrace()
    .write(1, 'a -> b', 3)
    .write(2, 'b -> a', 4)
    .write(3, 'a -> b', 'failed')
    .note('connection', { connection: 1, openedMs: 0, closedMs: 9, end: 'ECONNRESET', message: 'reset' });
  const { file } = await exported(trace, 'failed');
  expect((await follow(readFileSync(file)))[0]?.ends).toEqual(['b rst']);
  const aborted = new HandMadeTrace()
    .write(1, 'a -> b', 3)
    .note('connection', { connection: 1, openedMs: 0, closedMs: 9, end: 'ABORTED' });
  expect((await follow(readFileSync((await exported(aborted, 'aborted')).file)))[0]?.ends).toEqual(['a rst']);
});

test('a verdict is a block under the number for documentation, and a sentence of the section', async () => {
  const verdict = { outcome: 'parked', message: 'Nothing wakes it', atMs: 50, connection: 1 };
  const { file } = await exported(new HandMadeTrace().write(1, 'a -> b', 3).note('verdict', verdict), 'verdict');
  const bytes = readFileSync(file);
  const at = bytes.indexOf(Buffer.from([0xad, 0x0b, 0, 0]));
  expect(bytes.readUInt32LE(at + 8)).toBe(32_473);
  expect(JSON.parse(bytes.toString('utf8', at + 12, at + bytes.readUInt32LE(at + 4) - 4))).toEqual({
    relayscope: 'verdict',
    verdict,
  });
  expect(bytes.toString('latin1')).toContain('\nVerdict: parked: Nothing wakes it\n');
});

test('a write of which a part was recorded is one packet for that, and one for the rest', async () => {
  const trace = new HandMadeTrace()
    .payload(1, 'a -> b', 0, Buffer.alloc(70_000, 'k'))
    .write(1, 'a -> b', 2_000_000_000);
  const { file } = await exported(trace, 'part');
  const [found] = await follow(readFileSync(file));
  expect(found?.bytes[0].length).toBe(70_000);
  expect(found?.gaps[0]).toEqual([{ offset: 70_000, length: 1_999_930_000, reason: 'snapped' }]);
});

test('what missing records have moved is told by where the payload goes on', async () => {
  const trace = new HandMadeTrace()
    .write(1, 'a -> b', 3)
    .payload(1, 'a -> b', 0, Buffer.from('abc'))
    .lose(7)
    .payload(1, 'a -> b', 10, Buffer.from('hij'))
    .write(2, 'a -> b', 3);
  const [found] = await follow(readFileSync((await exported(trace, 'lost')).file));
  expect(String(found?.bytes[0])).toBe('abchij');
  expect(found?.gaps[0]).toEqual([{ offset: 3, length: 7, reason: 'lost' }]);
});

test('counts that are none move nothing, whatever they are', async () => {
  const trace = new HandMadeTrace();
  for (const n of [-1, 0, 1.5, null, 'x', 2 ** 40]) trace.event('write', 1, { direction: 'a -> b', n, offered: 9 });
  trace.event('write', 1, { direction: 'a -> b', n: 5, offered: -3 });
  const [found] = await follow(readFileSync((await exported(trace, 'odd')).file));
  expect(found?.flow.sides[0].streamBytes).toBe(0);
});

test('every beginning of a trace gives a capture of what it has, and one line on what is cut', async () => {
  const whole = readFileSync('traces/golden/off-by-one.trace');
  for (let length = 40; length < whole.length; length += 61) {
    const { file, err } = await exported(whole.subarray(0, length), 'cut');
    expect((await follow(readFileSync(file))).length).toBeLessThanOrEqual(1);
    expect(err.split('\n').length).toBeLessThanOrEqual(2);
  }
});

test('a file that is no trace, and the standard output, are refused in one line', async () => {
  const source = join(folder, 'none.ndjson');
  writeFileSync(source, 'nothing of the sort\n');
  for (const args of [[source], [source, '--out', '-']]) {
    const { io, err } = capturedIo();
    expect(await runCli(['export', '--to', 'pcapng', ...args], io)).toBe(2);
    expect(err()).toMatch(/^relayscope: .*\n(?:Try: .*\n)?$/);
  }
});
