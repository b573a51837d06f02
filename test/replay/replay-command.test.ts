import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { replay } from '../../harness/cli/replay.ts';
import { ipv4, opening, pcapOf } from '../capture/support/packets.ts';
import { capturedIo } from '../cli/captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-replay-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function told(...args: string[]): Promise<{ exit: number; told: Record<string, unknown> }> {
  const { io, out } = capturedIo();
  const exit = await replay.run([...args, '--json'], io);
  return { exit, told: JSON.parse(out()) as Record<string, unknown> };
}

test('a conversation over WebSocket goes through the engine as its messages carry it', async () => {
  const run = await told('fixtures/captures/ws-dumpcap.pcapng');
  expect(run.exit).toBe(0);
  expect(run.told).toMatchObject({
    schema: 1,
    flow: { id: 1, client: '127.0.0.1:40448', server: '127.0.0.1:8080' },
    level: 'websocket',
    verdict: 'same',
    outcome: 'completed',
    aToB: { said: 2856, arrived: 2856, parts: null, missing: [] },
    bToA: { said: 2856, arrived: 2856, parts: null, missing: [] },
  });
});

test('at the level of TCP the same capture is replayed with handshake and frames', async () => {
  const { told: object } = await told('fixtures/captures/ws-dumpcap.pcapng', '--level', 'tcp');
  expect(object).toMatchObject({ level: 'tcp', verdict: 'same', aToB: { said: 3238 }, bToA: { said: 3080 } });
});

/** Its acknowledgements say how much came back, and when. */
test('of one direction alone the other is filled in', async () => {
  const { exit, told: object } = await told('fixtures/captures/ws-plain.X.txt');
  expect(exit).toBe(0);
  expect(object).toMatchObject({
    level: 'tcp',
    aToB: { said: 3238, missing: [] },
    bToA: { said: 3080, missing: [{ offset: 0, length: 3080, reason: 'uncaptured' }] },
  });
});

test('a fault parts what arrives from what was said, and the page says where', async () => {
  const plan = join(folder, 'twice.yaml');
  writeFileSync(plan, 'faults: [{ fault: taken-twice, side: a, when: { call: 3 } }]\n');
  const { io, out } = capturedIo();
  expect(await replay.run(['fixtures/captures/ws-ipv6.pcap', '--faults', plan], io)).toBe(1);
  expect(out()).toContain('a -> b      2,856 bytes said, 2,856 arrived: the same\n');
  expect(out()).toContain('b -> a      2,856 bytes said, 2,981 arrived: a duplicate at 154: 125 bytes came again\n');
});

/** The client waits for the echo of its first message, as it did then, and the relay has lost that. */
test('a loss that the other side waits for is a hang', async () => {
  const plan = join(folder, 'lost.yaml');
  writeFileSync(plan, 'faults: [{ fault: swallow, side: b, when: { call: 1 } }]\n');
  const { exit, told: object } = await told('fixtures/captures/ws-ipv6.pcap', '--faults', plan);
  expect(exit).toBe(3);
  expect(object).toMatchObject({
    verdict: 'stuck',
    outcome: 'parked',
    waits: ['a -> b waits to read', 'b -> a waits to read'],
    bToA: { said: 2856, arrived: 0, parts: { kind: 'end', offset: 0, length: 2856 } },
  });
});

describe('what cannot be replayed is refused', () => {
  const cases: readonly [args: string[], message: string][] = [
    [[], 'No file: expected a capture or a trace, or - for standard input'],
    [['a.pcap', 'b.pcap'], 'Unexpected argument: expected one file, got also "b.pcap"'],
    [['fixtures/captures/ws-ipv6.pcap', '--flow', '7'], 'No flow 7: fixtures/captures/ws-ipv6.pcap has 1 flow'],
    [['fixtures/captures/ws-ipv6.pcap', '--level', 'tunnel'], 'No tunnel in this flow'],
    [
      ['fixtures/captures/ws-ipv6.pcap', '--level', 'udp'],
      'Wrong --level: expected one of tcp, socks, websocket, tunnel',
    ],
    [['fixtures/none.pcap'], 'Cannot read fixtures/none.pcap: ENOENT'],
  ];
  test.each(cases)('%j', async (args, message) => {
    await expect(replay.run(args, capturedIo().io)).rejects.toThrow(message);
  });
});

/** As in a capture of the hang itself: the first message never became whole, and bytes have come all the same. */
test('where no message became whole the bytes of the stream are replayed, not nothing', async () => {
  const request = Buffer.from('GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  const granted = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  const begun = Buffer.from([0x82, 0x80 | 100, 1, 2, 3, 4, 5, 6, 7, 8]);
  const file = join(folder, 'unfinished.pcap');
  writeFileSync(
    file,
    pcapOf([
      ...opening(),
      ipv4({ from: 'a', offset: 0, bytes: request }),
      ipv4({ from: 'b', offset: 0, bytes: granted, ack: request.length }),
      ipv4({ from: 'a', offset: request.length, bytes: begun, ack: granted.length }),
      ipv4({ from: 'b', offset: granted.length, ack: request.length + begun.length }),
    ]),
  );
  const { exit, told: object } = await told(file);
  expect(exit).toBe(0);
  expect(object).toMatchObject({
    level: 'tcp',
    aToB: { said: request.length + begun.length, parts: null },
    bToA: { said: granted.length, parts: null },
  });
  const { io, out } = capturedIo();
  await replay.run([file, '--level', 'websocket'], io);
  expect(out()).toMatch(/\nSame, of what could be decoded: --level tcp replays every byte\n$/);
});
