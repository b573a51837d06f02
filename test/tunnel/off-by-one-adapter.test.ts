import { expect, test } from 'vitest';
import { offByOneAdapter } from '../../harness/tunnel/off-by-one-adapter.ts';
import { twoPumps } from '../../harness/tunnel/two-pumps.ts';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { containing } from './support/containing.ts';
import { Driver } from './support/driver.ts';
import { readAll, readBytes } from './support/read.ts';
import { connectThrough, startOrigin, startRig } from './support/rig.ts';
import { webSocketPair } from './support/web-socket-pair.ts';

/** As curl sends it for t.cn, with a user agent of eleven characters. */
const REQUEST = 'GET / HTTP/1.1\r\nHost: t.cn\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n';

test('the wrong adapter claims one byte more than it was offered, for every write', async () => {
  const { ours } = await webSocketPair();
  const driver = new Driver(offByOneAdapter(ours));
  expect([await driver.write(Buffer.from(REQUEST)), await driver.write(Buffer.from('x'))]).toEqual([69, 2]);
});

test('tokio 1.12 spins at 69 of 68, and never polls the other direction', async () => {
  const rig = await startRig({
    client: {
      adapt: offByOneAdapter,
      dialOnFirstByte: true,
      copy: (a, b, { signal }) =>
        copyBidirectional(a, b, { signal, dialect: 'tokio-1.12.0', limits: { idleIterations: 1 } }),
    },
  });
  const port = await startOrigin((socket) => socket.pipe(socket));
  const inbound = await connectThrough(rig.client.port, port);
  inbound.write(REQUEST);
  expect(await rig.clientLog.nth('ended')).toMatchObject({
    failure: { code: 'SPINNING' },
    counts: { aToB: 69, bToA: 0 },
  });
});

test('checked refuses the count at once, before any byte is lost', async () => {
  const rig = await startRig({ client: { adapt: offByOneAdapter } });
  const port = await startOrigin((socket) => socket.pipe(socket));
  const inbound = await connectThrough(rig.client.port, port);
  inbound.write(REQUEST);
  const { failure, counts } = await rig.clientLog.nth('ended');
  expect(failure).toMatchObject({
    code: 'WRITE_COUNT_INVALID',
    message: containing('expected an integer in 1..68, got 69'),
  });
  expect(counts).toEqual({ aToB: 0, bToA: 0 });
});

test('two blind pumps carry every byte, and the one that waits for messages never hears of the end', async () => {
  let pumps: ReturnType<typeof twoPumps> | null = null;
  let settled: string[] = [];
  const rig = await startRig({
    client: {
      relay: async (tcp, ws, signal) => {
        pumps = twoPumps(ws, tcp);
        ws.once('close', () => settled.push('ws closed'));
        void pumps.tcpToWs.then(() => settled.push('tcpToWs'));
        void pumps.wsToTcp.then(() => settled.push('wsToTcp'));
        signal.addEventListener('abort', () => pumps?.stop());
        return { aToB: await pumps.tcpToWs, bToA: await pumps.wsToTcp };
      },
    },
  });
  const port = await startOrigin((socket) => {
    void readBytes(socket, REQUEST.length).then(() => socket.write('HTTP/1.1 302 Found\r\n\r\n'));
    socket.once('end', () => socket.end());
  });
  const inbound = await connectThrough(rig.client.port, port);
  inbound.write(REQUEST);
  expect((await readBytes(inbound, 22)).toString()).toBe('HTTP/1.1 302 Found\r\n\r\n');
  inbound.end();
  // The far side has come to its end, and said so.
  expect((await rig.serverLog.nth('ended')).failure).toBeNull();
  await expect.poll(() => settled).toEqual(['tcpToWs', 'ws closed']);
  expect(rig.clientLog.ofKind('ended')).toEqual([]);
  const end = readAll(inbound).catch((error: unknown) => error);
  await rig.client.close();
  await end;
  expect(settled).toEqual(['tcpToWs', 'ws closed', 'wsToTcp']);
  settled = [];
});
