import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { captureBytes } from '../../harness/capture/read/capture-bytes.ts';
import { readConversation } from '../../harness/replay/read-conversation.ts';
import type { ConversationChoice } from '../../harness/replay/conversation-reader.ts';
import type { Conversation } from '../../harness/replay/conversation.ts';
import { replay } from '../../harness/cli/replay.ts';
import { capturedIo } from '../cli/captured-io.ts';

/** What tcpdump saw of the story: fixtures/captures/story/README.md. */
const RIGHT = 'fixtures/captures/story/right-adapter.pcap';
const WRONG = 'fixtures/captures/story/wrong-adapter.pcap';
const REQUEST = 'GET / HTTP/1.1\r\nHost: t.cn\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-replay-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function read(file: string, choice: ConversationChoice): Promise<Conversation> {
  return readConversation(captureBytes(file), file, choice);
}

test('what curl said to the proxy, the client to the server, and the server to the origin is the same request', async () => {
  const levels = ['socks', 'tunnel', 'tcp'];
  for (const [index, level] of levels.entries()) {
    const conversation = await read(RIGHT, { flow: index + 1 });
    expect(conversation).toMatchObject({ level, flows: 3, missing: [], notes: [] });
    expect(Buffer.from(conversation.said[0]).toString()).toBe(REQUEST);
    expect(Buffer.from(conversation.said[1]).toString()).toMatch(/^HTTP\/1\.1 302 Found\r\n/);
  }
});

test('each side waits for what it had acknowledged, and the reply for the request', async () => {
  const { turns } = await read(RIGHT, { flow: 1 });
  expect(turns.map(({ from, kind, end, after }) => [from, kind, end, after])).toEqual([
    [0, 'bytes', 68, 0],
    [1, 'bytes', 110, 68],
    [0, 'end', 68, 110],
    [1, 'end', 110, 68],
  ]);
});

/** The reply had come as far as the WebSocket. */
test('where the relay hung the client was never told what its WebSocket had got', async () => {
  expect((await read(WRONG, { flow: 1 })).said.map(({ length }) => length)).toEqual([68, 0]);
  expect((await read(WRONG, { flow: 2 })).said.map(({ length }) => length)).toEqual([68, 110]);
});

test('with one byte more in the count tokio 1.12 spins over the captured request, and without it completes', async () => {
  const plan = join(folder, 'plan.yaml');
  writeFileSync(plan, 'faults: [{ fault: count, by: 1, side: b }]\n');
  const run = async (...args: string[]): Promise<[exit: number, told: unknown]> => {
    const { io, out } = capturedIo();
    const exit = await replay.run([RIGHT, '--dialect', 'tokio-1.12.0', '--json', ...args], io);
    return [exit, JSON.parse(out())];
  };
  const [exit, told] = await run('--faults', plan);
  expect(exit).toBe(3);
  expect(told).toMatchObject({
    verdict: 'stuck',
    outcome: 'spinning',
    direction: 'a -> b',
    counts: { aToB: 69, bToA: 0 },
    aToB: { said: 68, arrived: 68, parts: null },
    bToA: { said: 110, arrived: 0, parts: { kind: 'end', offset: 0, length: 110 } },
  });
  const [fine, same] = await run();
  expect(fine).toBe(0);
  expect(same).toMatchObject({ verdict: 'same', outcome: 'completed', counts: { aToB: 68, bToA: 110 } });
});

test('who had seen the other side end waits for that', async () => {
  const { turns } = await read('fixtures/captures/story/half-close.pcap', {});
  expect(turns.map(({ from, kind, after, afterEnd }) => [from, kind, after, afterEnd])).toEqual([
    [0, 'bytes', 0, false],
    [0, 'end', 0, false],
    [1, 'bytes', 68, true],
    [1, 'end', 68, true],
  ]);
});
