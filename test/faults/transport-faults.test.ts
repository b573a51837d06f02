import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FaultEntry } from '../../harness/faults/fault-plan.ts';
import { linkOf } from '../../harness/faults/transport/apply-transport-faults.ts';
import { TRANSPORT_FAULTS } from '../../harness/faults/transport/transport-faults.ts';
import type { TapEvent } from '../../harness/tap/tap-event.ts';
import { systemClock, type Clock } from '../../src/poll/clock.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { endOf, errorOf, heard, startRig, startTalk, type Rig } from '../tap/support.ts';
import { readAll } from '../tunnel/support/read.ts';
import { open, startPlayedOrigin } from '../tunnel/support/rig.ts';

/** What a real client and a real target see of each fault, through a tap on loopback. */

/** A clock that a test moves, for what is late: nothing is slept through, and nothing depends on how fast a machine is. */
class HandClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** When each timer that is still set comes. */
  get dueMs(): number[] {
    return [...this.#timers].map(({ atMs }) => atMs);
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= untilMs).sort((x, y) => x.atMs - y.atMs);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }
}

const talk = (fault: FaultEntry, clock: Clock = systemClock) => startTalk({ faults: { faults: [fault] }, clock });
const fired = ({ events }: Rig): string[] =>
  events.flatMap((event: TapEvent) => (event.kind === 'fault' ? [`${event.side} ${event.half}: ${event.fault}`] : []));
/** What has come so far, and what will. */
function listen(socket: Socket): { text: string } {
  const got = { text: '' };
  socket.on('data', (chunk: Buffer) => {
    got.text += chunk.toString();
  });
  return got;
}

describe('what comes late', () => {
  test('latency: bytes and their end come so much later, and not before', async () => {
    const clock = new HandClock();
    const rig = await talk({ fault: 'latency', side: 'b', ms: 50 }, clock);
    const { client, server } = rig;
    const got = listen(server);
    client.end('request');
    await expect.poll(() => fired(rig)).toEqual(['b write: latency (ms 50, jitterMs 0)']);
    clock.advance(49);
    // What went the other way was not held up, and has come after whatever could have been sent before it.
    server.write('unasked');
    await heard(client, 'unasked');
    expect(got.text).toBe('');
    clock.advance(1);
    await once(server, 'end');
    expect(got.text).toBe('request');
    server.end();
    expect((await endOf(rig)).end).toBe('completed');
  });

  test('bandwidth: so many bytes a second go through, in order', async () => {
    const clock = new HandClock();
    const rig = await talk({ fault: 'bandwidth', side: 'b', bytesPerSecond: 1000 }, clock);
    const { client, server } = rig;
    const got = listen(server);
    client.write('0123456789'.repeat(10));
    await expect.poll(() => fired(rig)).toHaveLength(1);
    clock.advance(50);
    await expect.poll(() => got.text.length).toBe(50);
    clock.advance(49);
    await expect.poll(() => got.text.length).toBe(90);
    clock.advance(1);
    await expect.poll(() => got.text).toBe('0123456789'.repeat(10));
  });

  test('slice: each piece comes by itself', async () => {
    const clock = new HandClock();
    const rig = await talk({ fault: 'slice', side: 'b', bytes: 2, gapMs: 10 }, clock);
    const { client, server } = rig;
    const pieces: string[] = [];
    server.on('data', (chunk: Buffer) => pieces.push(chunk.toString()));
    client.write('abcdef');
    await expect.poll(() => pieces).toEqual(['ab']);
    clock.advance(10);
    await expect.poll(() => pieces).toEqual(['ab', 'cd']);
    clock.advance(10);
    await expect.poll(() => pieces).toEqual(['ab', 'cd', 'ef']);
  });

  test('slow-accept: the target is dialled only after the delay', async () => {
    const clock = new HandClock();
    const { port, accepted } = await startPlayedOrigin();
    const rig = await startRig(port, { faults: { faults: [{ fault: 'slow-accept', ms: 30 }] }, clock });
    const client = await open(rig.tap.port);
    client.write('early');
    await expect.poll(() => fired(rig)).toEqual(['a read: slow-accept (ms 30)']);
    clock.advance(30);
    await heard(await accepted, 'early');
  });
});

describe('what stops', () => {
  test('stall: one direction stops for its time, and the other goes on', async () => {
    const clock = new HandClock();
    const rig = await talk({ fault: 'stall', side: 'b', forMs: 100 }, clock);
    const { client, server } = rig;
    const got = listen(server);
    client.end('held');
    await expect.poll(() => fired(rig)).toEqual(['b write: stall']);
    server.write('other way');
    await heard(client, 'other way');
    expect(got.text).toBe('');
    clock.advance(100);
    await once(server, 'end');
    expect(got.text).toBe('held');
  });

  test('stall: its time is not waited for when the connection is over', async () => {
    const clock = new HandClock();
    const rig = await talk({ fault: 'stall', side: 'b', forMs: 1_000_000 }, clock);
    rig.client.write('held');
    await expect.poll(() => clock.dueMs).toContain(1_000_000);
    rig.server.resetAndDestroy();
    await endOf(rig);
    expect(clock.dueMs).not.toContain(1_000_000);
  });

  test('stall: the end of a stalled direction waits, though nothing is written', async () => {
    const clock = new HandClock();
    const rig = await talk({ fault: 'stall', side: 'b', forMs: 100 }, clock);
    const { client, server } = rig;
    let hasEnded = false;
    server.on('end', () => (hasEnded = true)).resume();
    client.end();
    await expect.poll(() => fired(rig)).toEqual(['b write: stall']);
    server.write('other way');
    await heard(client, 'other way');
    expect(hasEnded).toBe(false);
    clock.advance(100);
    await expect.poll(() => hasEnded).toBe(true);
  });

  test('blackhole: what comes from a side is thrown away, its end too', async () => {
    const rig = await talk({ fault: 'blackhole', side: 'b', half: 'read' });
    const { client, server } = rig;
    const got = listen(client);
    server.end('lost');
    await expect.poll(() => fired(rig)).toEqual(['b read: blackhole']);
    client.write('still heard');
    await heard(server, 'still heard');
    expect([got.text, client.readableEnded]).toEqual(['', false]);
  });

  test('blackhole: bytes are taken and never come, nor their end', async () => {
    const rig = await talk({ fault: 'blackhole', side: 'b' });
    const { client, server } = rig;
    const got = listen(server);
    client.end('lost');
    await expect.poll(() => fired(rig)).toEqual(['b write: blackhole']);
    server.end('still heard');
    expect((await readAll(client)).toString()).toBe('still heard');
    expect(got.text).toBe('');
    // The copy believes that all went well: that is what a black hole is.
    expect((await endOf(rig)).end).toBe('completed');
  });

  test('vanish: nothing comes from that side, and it takes nothing; the connection stays', async () => {
    const rig = await talk({ fault: 'vanish', side: 'b' });
    const { client, server } = rig;
    const got = listen(server);
    server.end('never heard');
    client.write('never taken');
    await expect.poll(() => fired(rig)).toEqual(['b read: vanish', 'b write: vanish']);
    expect([got.text, client.readableLength, client.readableEnded, server.destroyed]).toEqual(['', 0, false, false]);
  });

  test('silent: the client is accepted and hears nothing, and the target is not dialled', async () => {
    const { port } = await startPlayedOrigin();
    const rig = await startRig(port, { faults: { faults: [{ fault: 'silent' }] } });
    const client = await open(rig.tap.port);
    client.write('hello?');
    await expect.poll(() => fired(rig)).toEqual(['a read: silent']);
    const seen = errorOf(client);
    await rig.tap.close();
    expect(await seen).toBe('ECONNRESET');
    expect(await endOf(rig)).toEqual({ end: 'TAP_FAULT', message: 'a was held on purpose' });
  });
});

describe('what ends too early', () => {
  test('reset: after exactly so many bytes', async () => {
    const rig = await talk({ fault: 'reset', side: 'b', when: { byte: 4 } });
    const { client, server } = rig;
    const got = listen(server);
    const seen = Promise.all([errorOf(server), errorOf(client)]);
    client.write('abcdefgh');
    expect(await seen).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(got.text).toBe('abcd');
    expect(fired(rig)).toEqual(['b write: reset']);
  });

  test.each([
    ['reset', 'ECONNRESET'],
    ['close', null],
  ])('%s: after so many bytes of what comes from a side, the other side is told', async (fault, code) => {
    const rig = await talk({ fault, side: 'b', half: 'read', when: { byte: 4 } });
    const { client, server } = rig;
    const got = listen(client);
    const seen = Promise.all([errorOf(server), errorOf(client)]);
    server.write('abcdefgh');
    if (code === null) server.on('end', () => server.end());
    expect(await seen).toEqual([code, 'ECONNRESET']);
    expect(got.text).toBe('abcd');
    expect((await endOf(rig)).end).toBe('STREAM_FAILED');
  });

  test('reset: at a time, while nothing is said', async () => {
    const clock = new HandClock();
    const { client, server } = await talk({ fault: 'reset', side: 'a', when: { atMs: 20 } }, clock);
    client.write('x');
    await heard(server, 'x');
    const seen = errorOf(client);
    clock.advance(21);
    expect(await seen).toBe('ECONNRESET');
  });

  test.each(['reset', 'close', 'fin'])(
    '%s: a time that comes after the connection is over fires nothing, and is not waited for',
    async (fault) => {
      const clock = new HandClock();
      const rig = await talk({ fault, side: 'b', when: { atMs: 1_000_000 } }, clock);
      rig.client.end('request');
      expect((await readAll(rig.server)).toString()).toBe('request');
      rig.server.end();
      expect((await endOf(rig)).end).toBe('completed');
      expect(clock.dueMs).not.toContain(1_000_000);
      clock.advance(1_000_001);
      expect(fired(rig)).toEqual([]);
    },
  );

  test('fin: one direction ends after so many bytes, and the other goes on', async () => {
    const rig = await talk({ fault: 'fin', side: 'b', when: { byte: 3 } });
    const { client, server } = rig;
    client.write('abcdef');
    expect((await readAll(server)).toString()).toBe('abc');
    server.write('go on');
    await heard(client, 'go on');
    client.end();
    server.end();
    expect((await endOf(rig)).end).toBe('completed');
  });

  test('close: the connection is closed both ways after so many bytes', async () => {
    const rig = await talk({ fault: 'close', side: 'b', when: { byte: 3 } });
    const { client, server } = rig;
    const got = listen(server);
    server.on('error', () => undefined);
    const seen = errorOf(client);
    client.write('abcdef');
    await once(server, 'end');
    expect(got.text).toBe('abc');
    expect(await seen).toBe('ECONNRESET');
    expect((await endOf(rig)).end).toBe('STREAM_FAILED');
  });

  test('refuse: a connection is reset as it comes', async () => {
    const { port } = await startPlayedOrigin();
    const rig = await startRig(port, { faults: { faults: [{ fault: 'refuse' }] } });
    expect(await errorOf(connect(rig.tap.port, '127.0.0.1'))).toBe('ECONNRESET');
    expect(await endOf(rig)).toEqual({ end: 'TAP_FAULT', message: 'a was reset on purpose' });
  });

  test('fail-first: the first are reset, the next one is served', async () => {
    const { port, accepted } = await startPlayedOrigin();
    const rig = await startRig(port, { faults: { faults: [{ fault: 'fail-first', connections: 2 }] } });
    expect(await errorOf(connect(rig.tap.port, '127.0.0.1'))).toBe('ECONNRESET');
    expect(await errorOf(connect(rig.tap.port, '127.0.0.1'))).toBe('ECONNRESET');
    const client = await open(rig.tap.port);
    client.write('third');
    await heard(await accepted, 'third');
  });
});

test('a connection that is reset while it is still being made is reset for the peer, not refused or ended', async () => {
  const { port, accepted } = await startPlayedOrigin();
  const socket = connect(port, '127.0.0.1');
  const calls: string[] = [];
  const link = linkOf(socket);
  link.whenOver(() => calls.push('over'));
  expect(socket.connecting).toBe(true);
  link.reset();
  expect(await errorOf(await accepted)).toBe('ECONNRESET');
  await expect.poll(() => calls).toEqual(['over']);
  link.whenOver(() => calls.push('over at once'));
  expect(calls).toEqual(['over', 'over at once']);
});

test('a fault stands in the trace before what it causes', async () => {
  const rig = await talk({ fault: 'blackhole', side: 'b' });
  rig.client.end('lost');
  await expect.poll(() => fired(rig)).toHaveLength(1);
  const kinds = readRing(rig.recorder.buffer).filter(
    ({ kind, direction }) => direction === 'a -> b' && (kind === 'fault' || kind === 'write'),
  );
  expect(kinds.map(({ kind }) => kind).slice(0, 2)).toEqual(['fault', 'write']);
});

test('faults of both directions, and of both levels, go together', async () => {
  const rig = await startTalk({
    faults: {
      faults: [
        { fault: 'short', side: 'a', bytes: 3 },
        { fault: 'slice', side: 'a', bytes: 2, gapMs: 0 },
        { fault: 'slice', side: 'b', bytes: 5, gapMs: 0 },
      ],
    },
  });
  const { client, server } = rig;
  const sent = 'the same bytes, whatever happens on the way '.repeat(20);
  client.end(sent);
  expect((await readAll(server)).toString()).toBe(sent);
  server.end(sent);
  expect((await readAll(client)).toString()).toBe(sent);
  expect((await endOf(rig)).end).toBe('completed');
});

test('every fault has a test here', () => {
  const source = readFileSync(import.meta.filename, 'utf8');
  const untested = TRANSPORT_FAULTS.filter(({ name }) => !source.includes(`test('${name}: `));
  expect(untested.map(({ name }) => name)).toEqual([]);
  const files = readdirSync(join(import.meta.dirname, '../../harness/faults/transport'));
  for (const { name } of TRANSPORT_FAULTS) expect(files).toContain(`${name}.ts`);
});

/** A queue in between would believe it, and fail with an error of its own when the piece is due. */
test('a false count is seen by the copy, whatever delays the bytes below it', async () => {
  const faults = [
    { fault: 'header-counted', side: 'b' as const },
    { fault: 'latency', side: 'b' as const, ms: 1 },
  ];
  const rig = await startTalk({ faults: { faults } });
  const reset = errorOf(rig.client);
  rig.client.write('ping');
  expect(await endOf(rig)).toMatchObject({ end: 'WRITE_COUNT_INVALID' });
  expect(await reset).toBe('ECONNRESET');
});
