import { expect, test } from 'vitest';
import { replay } from '../../harness/cli/replay.ts';
import { capturedIo } from '../cli/captured-io.ts';

const FOLDER = 'fixtures/captures/story';

async function through(...args: string[]): Promise<[exit: number, told: unknown]> {
  const { io, out } = capturedIo();
  const exit = await replay.run([...args, '--tunnel', '--json'], io);
  return [exit, JSON.parse(out())];
}

/** The story as a capture: the same bytes, two adapters. */
test.each([
  ['right-adapter.pcap', '1'],
  ['wrong-adapter.pcap', '2'],
])('%s, flow %s, hangs with the adapter of the story, and not with the right one', async (file, flow) => {
  const capture = [`${FOLDER}/${file}`, '--flow', flow, '--dialect', 'tokio-1.12.0'];
  const [stuck, hang] = await through(...capture, '--adapter', 'off-by-one');
  expect(stuck).toBe(3);
  expect(hang).toMatchObject({
    verdict: 'stuck',
    outcome: 'spinning',
    direction: 'a -> b',
    aToB: { said: 68, arrived: 68, parts: null },
    bToA: { said: 110, arrived: 0 },
  });
  const [fine, same] = await through(...capture);
  expect(fine).toBe(0);
  expect(same).toMatchObject({ verdict: 'same', outcome: 'completed', bToA: { said: 110, arrived: 110 } });
});

test('the checked copy refuses the count, and nothing of the reply arrives', async () => {
  const [exit, told] = await through(`${FOLDER}/right-adapter.pcap`, '--adapter', 'off-by-one');
  expect(exit).toBe(1);
  expect(told).toMatchObject({ verdict: 'differs', outcome: 'failed', code: 'WRITE_COUNT_INVALID' });
});

test('under a release that hides it all arrives, and the report says that the count is not what arrived', async () => {
  const { io, out } = capturedIo();
  const args = [`${FOLDER}/right-adapter.pcap`, '--tunnel', '--adapter', 'off-by-one', '--dialect', 'tokio-1.53.1'];
  expect(await replay.run(args, io)).toBe(0);
  expect(out()).toContain('reported    69 bytes a -> b, 110 bytes b -> a, which is not what arrived');
});

test('a conversation with its pauses arrives as well', async () => {
  const [exit, told] = await through('fixtures/captures/ws-ipv6.pcap', '--rhythm');
  expect(exit).toBe(0);
  expect(told).toMatchObject({ verdict: 'same', level: 'websocket', aToB: { arrived: 2856 } });
});
