import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startTap } from '../../../harness/tap/start-tap.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import { fromWebSocket } from '../../../src/streams/from-web-socket.ts';
import { keepAlive } from '../../../src/streams/keep-alive.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { comes, copying, recording, twoConnections, type Relayed } from './live-copies.ts';

/** Peers that are gone, and peers that only say nothing, behind real WebSockets. */

describe('a WebSocket that asks its peer every 15 s', () => {
  const EVERY_MS = 15_000;
  /** Longer than its handshake. */
  const GREETING = 'x'.repeat(500);

  interface Pinging {
    /** Lets the time pass until it has asked once more. */
    readonly ask: () => Promise<void>;
    /** So many answers have come. */
    readonly answers: (times: number) => Promise<void>;
  }

  async function pinging(port: number): Promise<Relayed & Pinging> {
    const relayed = recording();
    const { client, inbound } = await twoConnections();
    const seen = { asked: 0, answered: 0 };
    const ws = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    ws.on('error', () => undefined);
    await once(ws, 'open');
    onTestFinished(() => {
      ws.terminate();
    });
    const stream = keepAlive(fromWebSocket(ws), {
      ask: (answered) => {
        seen.asked += 1;
        ws.off('pong', answered).once('pong', answered).ping();
      },
      everyMs: EVERY_MS,
      clock: relayed.clock,
    });
    copying(fromSocket(inbound), stream, relayed);
    client.write(GREETING);
    await comes(relayed.recorder, 'a -> b write running');
    ws.on('pong', () => (seen.answered += 1));
    const ask = async (): Promise<void> => {
      const before = seen.asked;
      // A timer that is not set yet is set by the poll that is on its way.
      await expect.poll(() => (seen.asked > before ? 'asked' : relayed.clock.next())).toBe('asked');
    };
    const answers = async (times: number): Promise<void> => {
      await expect.poll(() => seen.answered).toBe(times);
    };
    return { ...relayed, ask, answers };
  }

  async function webSocketServer(autoPong: boolean): Promise<number> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong });
    await once(server, 'listening');
    onTestFinished(async () => {
      for (const one of server.clients) one.terminate();
      server.close();
      await once(server, 'close');
    });
    return (server.address() as AddressInfo).port;
  }

  test('finds the one dead that answers none', async () => {
    const { ask, findings } = await pinging(await webSocketServer(false));
    await ask();
    expect(findings()).toEqual([]);
    await ask();
    await ask();
    expect(findings()).toEqual(['dead-peer (b -> a), likely']);
  });

  test('and not the one that answers each', async () => {
    const { ask, answers, clock, findings } = await pinging(await webSocketServer(true));
    for (let round = 1; round <= 4; round += 1) {
      await ask();
      await answers(round);
      clock.advance(EVERY_MS / 2);
    }
    expect(findings()).toEqual([]);
  });

  const SERVER = `
    import { WebSocketServer } from 'ws';
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => console.log(server.address().port));
    process.stdin.resume().on('end', () => process.exit());
  `;

  test('finds a process that was stopped, until it goes on', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', SERVER], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const { ask, answers, findings } = await pinging(Number(port.toString()));
    await ask();
    await answers(1);
    child.kill('SIGSTOP');
    await ask();
    await ask();
    await ask();
    expect(findings()).toEqual(['dead-peer (b -> a), likely']);
    child.kill('SIGCONT');
    await expect.poll(() => findings()).toEqual([]);
  });

  test.each([
    ['vanish', ['dead-peer (b -> a), likely']],
    ['blackhole', ['dead-peer (b -> a), likely']],
    ['latency', []],
  ])('through a network with the fault %s', async (fault, found) => {
    const target = await webSocketServer(true);
    // From the greeting on: the handshake, which is shorter, gets through.
    const tap = await startTap({
      port: 0,
      target: { host: '127.0.0.1', port: target },
      recorder: () => new Recorder(),
      faults: {
        faults: [{ fault, side: 'b', ...(fault === 'latency' ? { ms: 5 } : { half: 'write', when: { byte: 260 } }) }],
      },
    });
    onTestFinished(() => tap.close());
    const { ask, answers, findings } = await pinging(tap.port);
    for (let round = 1; round <= 4; round += 1) {
      await ask();
      if (found.length === 0) await answers(round);
    }
    expect(findings()).toEqual(found);
  });
});
