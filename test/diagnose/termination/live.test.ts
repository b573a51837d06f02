import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { applyFaults } from '../../../harness/faults/apply-faults.ts';
import { OneWayPumps, type PumpsEnd } from '../../../harness/sim/engines/one-way-pumps.ts';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import type { CopyError } from '../../../src/copy/copy-error.ts';
import { Task } from '../../../src/poll/task.ts';
import { fromDuplex } from '../../../src/streams/from-duplex.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import { comes, copying, countOf, recording, twoConnections, type Relayed } from './live-copies.ts';

/** How copies end, and do not, over real sockets. */

const HOUR_MS = 3_600_000;

describe('a client that has ended, and a server that says nothing', () => {
  async function halfClosed(): Promise<Relayed & { readonly server: Socket }> {
    const relayed = recording();
    const { client, server, inbound, outbound } = await twoConnections();
    copying(fromSocket(inbound), fromSocket(outbound), relayed);
    client.end('a request');
    await comes(relayed.recorder, 'a -> b state done');
    return { ...relayed, server };
  }

  test('linger after ten minutes, and not before', async () => {
    const { clock, findings } = await halfClosed();
    clock.advance(599_000);
    expect(findings()).toEqual([]);
    clock.advance(1000);
    expect(findings()).toEqual(['half-close-linger (b -> a), likely']);
  });

  test('do not while a download goes on, however slowly', async () => {
    const { clock, recorder, findings, server } = await halfClosed();
    for (let part = 1; part <= 5; part += 1) {
      clock.advance(500_000);
      const before = countOf(recorder, 'b -> a write running');
      server.write('a part');
      await comes(recorder, 'b -> a write running', before + 1);
      expect(findings()).toEqual([]);
    }
  });
});

test('an idle connection is healthy for hours, with both sides open', async () => {
  const relayed = recording();
  const { client, server, inbound, outbound } = await twoConnections();
  copying(fromSocket(inbound), fromSocket(outbound), relayed);
  client.write('hello');
  await once(server, 'data');
  relayed.clock.advance(8 * HOUR_MS);
  expect(relayed.findings()).toEqual([]);
});

test.each([
  ['no-end', ['half-close-linger (b -> a), certain']],
  ['end-twice', []],
])('an adapter with the fault %s, when the server hangs up', async (fault, found) => {
  const relayed = recording();
  const { client, server, inbound, outbound } = await twoConnections();
  const plan = { faults: [{ fault, side: 'b', half: 'read' }] } as const;
  const context = { connection: 1, recorder: relayed.recorder, clock: relayed.clock };
  copying(fromSocket(inbound), applyFaults(fromSocket(outbound), 'b', plan, context), relayed);
  client.end('a request');
  await comes(relayed.recorder, 'a -> b state done');
  server.end('an answer');
  await comes(relayed.recorder, 'b -> a fault ');
  // An adapter may be at work for a while.
  expect(relayed.findings()).toEqual([]);
  relayed.clock.advance(1000);
  expect(relayed.findings()).toEqual(found);
});

describe('a relay of two one-way copies', () => {
  async function pumps(
    end: PumpsEnd,
  ): Promise<Relayed & { readonly over: Promise<string>; readonly answer: () => string }> {
    const relayed = recording();
    const { recorder } = relayed;
    const { client, server, inbound, outbound } = await twoConnections();
    let answer = '';
    client.on('data', (chunk) => (answer += chunk.toString()));
    // It answers a request that has ended, as many do.
    server.on('end', () => server.end('an answer'));
    const over = Promise.withResolvers<string>();
    const task = new Task(() => {
      const isDone = copy.poll();
      if (isDone) over.resolve('completed');
      return isDone;
    });
    const [a, b] = [fromSocket(inbound), fromSocket(outbound)];
    const copy = new OneWayPumps(end, a, b, () => task.wake(), { recorder });
    onTestFinished(() => {
      task.end();
    });
    task.wake();
    await comes(recorder, 'b -> a read running');
    client.end('a request');
    return { ...relayed, over: over.promise, answer: () => answer };
  }

  test('that race is over with the first end, and the answer is lost', async () => {
    const { over, findings, answer } = await pumps('raced');
    expect(await over).toBe('completed');
    expect(findings({ outcome: 'completed' })).toEqual(['premature-teardown (b -> a), certain']);
    expect(answer()).toBe('');
  });

  test('that wait for each other wait for ever: the server is never told that the request has ended', async () => {
    const { recorder, clock, findings } = await pumps('joined');
    await comes(recorder, 'a -> b flush running', 1);
    expect(findings()).toEqual([]);
    clock.advance(10_000);
    expect(findings()).toEqual(['eof-not-propagated (a -> b), certain']);
  });
});

test('a copy passes the end on, and the answer comes', async () => {
  const relayed = recording();
  const { client, server, inbound, outbound } = await twoConnections();
  server.on('end', () => server.end('an answer'));
  const end = await new Promise<string>((resolve) => {
    copying(fromSocket(inbound), fromSocket(outbound), relayed, resolve);
    client.end('a request');
  });
  expect(end).toBe('completed');
  expect(relayed.findings({ outcome: 'completed' })).toEqual([]);
});

describe('a connection behind a Duplex of somebody else', () => {
  /** @param closes Its end closes the socket both ways, as a Duplex over a WebSocket does. */
  function wrapped(socket: Socket, closes: boolean): Duplex {
    const duplex: Duplex = new Duplex({
      read: () => socket.resume(),
      write: (chunk: Buffer, _encoding, done) => socket.write(chunk, done),
      final: (done) => {
        socket.end(() => {
          done();
          if (closes) duplex.destroy();
        });
      },
      destroy: (error, done) => {
        socket.destroy();
        done(error);
      },
    });
    socket.on('data', (chunk) => duplex.push(chunk));
    socket.on('end', () => duplex.push(null));
    return duplex;
  }

  test.each([
    [true, 'STREAM_FAILED', ['shutdown-is-full-close (b -> a), likely']],
    [false, 'completed', []],
  ])('whose shutdown closes both ways: %s', async (closes, end, found) => {
    const relayed = recording();
    const { client, server, inbound, outbound } = await twoConnections();
    server.on('end', () => server.end('an answer'));
    const ended = await new Promise<string>((resolve) => {
      copying(fromSocket(inbound), fromDuplex(wrapped(outbound, closes)), relayed, resolve);
      client.end('a request');
    });
    expect(ended).toBe(end);
    expect(relayed.findings({ outcome: end === 'completed' ? 'completed' : 'failed', code: end })).toEqual(found);
  });
});

test.each([
  ['reset by its peer', 'STREAM_FAILED'],
  ['aborted by the application', 'ABORTED'],
])('a half-closed connection that is %s', async (how, code) => {
  const relayed = recording();
  const { client, server, inbound, outbound } = await twoConnections();
  client.end('a request');
  const stop = new AbortController();
  const over = copyBidirectional(fromSocket(inbound), fromSocket(outbound), { ...relayed, signal: stop.signal });
  const failed = over.then(
    () => 'completed',
    (error: unknown) => (error as CopyError).code,
  );
  await comes(relayed.recorder, 'a -> b state done');
  if (how === 'reset by its peer') server.resetAndDestroy();
  else stop.abort();
  expect(await failed).toBe(code);
  expect(relayed.findings({ outcome: 'failed', code })).toEqual([]);
});
