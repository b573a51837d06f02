import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { fromTunnelSocket } from '../../harness/tunnel/from-tunnel-socket.ts';
import { HIGH_WATER_BYTES, LOW_WATER_BYTES, MAX_WAITING_MESSAGES } from '../../harness/tunnel/tunnel-limits.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { ChunkSlot } from '../../src/poll/poll-stream.ts';
import { containing } from './support/containing.ts';
import { Driver } from './support/driver.ts';
import { webSocketPair } from './support/web-socket-pair.ts';

const END = Buffer.of(1);
/** So that a bound that is not kept fails its test, and does not fill the memory. */
const TOO_MUCH = 4 * HIGH_WATER_BYTES;
const data = (text: string): Buffer => Buffer.from(`\0${text}`);

async function pair(options: { maxPayload?: number; maxMessageBytes?: number } = {}) {
  const { maxMessageBytes, ...rest } = options;
  const { ours, peer } = await webSocketPair(rest);
  const stream = fromTunnelSocket(ours, maxMessageBytes === undefined ? {} : { maxMessageBytes });
  return { ours, peer, stream, driver: new Driver(stream) };
}

/** The next messages that the peer gets. */
async function messages(peer: WebSocket, count: number): Promise<string[]> {
  const got: string[] = [];
  return new Promise((resolve) => {
    peer.on('message', (bytes: Buffer) => {
      got.push(bytes.toString('latin1'));
      if (got.length === count) resolve(got);
    });
  });
}

/** What the next read throws. */
async function readFailure(driver: Driver): Promise<unknown> {
  return driver.read(10).catch((error: unknown) => error);
}

describe('reading', () => {
  test('gives the payload in the order in which it came, in any portions', async () => {
    const { peer, driver } = await pair();
    for (const text of ['abc', 'd', 'efghi']) peer.send(data(text));
    peer.send(END);
    const got: string[] = [];
    for (let bytes = await driver.read(2); bytes.length > 0; bytes = await driver.read(2)) got.push(bytes.toString());
    expect(got.join('')).toBe('abcdefghi');
    expect((await driver.read(2)).length).toBe(0);
  });

  test('hands over a message whole, or what a read has left of it', async () => {
    const { peer, stream, driver } = await pair();
    peer.send(data('abc'));
    peer.send(data('def'));
    expect((await driver.read(1)).toString()).toBe('a');
    const slot: ChunkSlot = { bytes: new Uint8Array(0), start: 0, end: 0 };
    const cx = {
      direction: 'b -> a',
      half: 'read',
      budget: null,
      register: () => ({ wake: () => undefined }),
    } as const;
    const chunk = (): string => Buffer.from(slot.bytes.subarray(slot.start, slot.end)).toString();
    expect([stream.pollChunk(cx, slot), chunk()]).toEqual([2, 'bc']);
    await expect.poll(() => stream.pollChunk(cx, slot)).toBe(3);
    expect(chunk()).toBe('def');
    expect(stream.pollChunk(cx, slot)).toBe(PENDING);
  });

  test('stops the peer when too much waits, and takes it on when half is read', async () => {
    const { ours, peer, driver } = await pair();
    const payload = 'x'.repeat(32 * 1024);
    let inFlight = 0;
    for (let i = 0; i < 1024; i += 1) {
      inFlight += 1;
      peer.send(data(payload), () => {
        inFlight -= 1;
      });
    }
    peer.send(END);
    await expect.poll(() => ours.isPaused).toBe(true);
    // The rest is in the kernel and at the peer, and stays there: 32 MiB do not fit into what may wait here.
    expect(inFlight).toBeGreaterThan(100);
    let read = 0;
    while (ours.isPaused) read += (await driver.read(4096)).length;
    expect(read).toBeGreaterThanOrEqual(HIGH_WATER_BYTES - LOW_WATER_BYTES);
    for (let n = -1; n !== 0; read += n) n = (await driver.read(1024 * 1024)).length;
    expect(read).toBe(1024 * payload.length);
  });

  test('stops the peer when too many messages wait, however small', async () => {
    const { ours, peer, driver } = await pair();
    for (let i = 0; i <= MAX_WAITING_MESSAGES; i += 1) peer.send(data('x'));
    await expect.poll(() => ours.isPaused).toBe(true);
    peer.send(END);
    let read = 0;
    for (let n = -1; n !== 0; read += n) n = (await driver.read(100)).length;
    expect(read).toBe(MAX_WAITING_MESSAGES + 1);
  });
});

describe('writing', () => {
  test('sends each slice with its byte of kind, counts the slice alone, and keeps none of it', async () => {
    const { peer, driver } = await pair();
    const got = messages(peer, 3);
    const bytes = Buffer.from('abc');
    expect(await driver.write(bytes)).toBe(3);
    bytes.fill('#');
    expect(await driver.write(Buffer.from('de'))).toBe(2);
    expect(await driver.shutdown()).toBe(0);
    expect(await got).toEqual(['\0abc', '\0de', '\x01']);
  });

  test('takes no more than a message may be long', async () => {
    const { peer, driver } = await pair({ maxMessageBytes: 1024 });
    const got = messages(peer, 1);
    expect(await driver.write(Buffer.alloc(5000))).toBe(1023);
    expect((await got)[0]?.length).toBe(1024);
  });

  test('is Pending while the peer reads nothing, at a bound in bytes', async () => {
    const { peer, driver } = await pair();
    peer.pause();
    const bytes = Buffer.alloc(64 * 1024);
    let taken = 0;
    // What the kernel takes comes on top; it takes it at once, or not at all.
    for (let n = 0; n !== PENDING && taken < TOO_MUCH; n = driver.tryWrite(bytes)) taken += n;
    // Some of it did go to the kernel, so there is room again.
    await driver.write(Buffer.alloc(1));
    expect(taken).toBeLessThanOrEqual(HIGH_WATER_BYTES + bytes.length);
    peer.resume();
    expect(await driver.flush()).toBe(0);
  });

  test('is Pending at a bound in messages', async () => {
    const { peer, driver } = await pair();
    peer.pause();
    let taken = 0;
    for (let n = 0; n !== PENDING && taken < TOO_MUCH; n = driver.tryWrite(Buffer.alloc(1))) taken += n;
    expect(taken).toBe(MAX_WAITING_MESSAGES);
    peer.resume();
    expect(await driver.flush()).toBe(0);
  });

  test('after its shutdown is a mistake of the caller', async () => {
    const { driver } = await pair();
    await driver.shutdown();
    await expect(driver.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 'WRITE_AFTER_SHUTDOWN' });
  });
});

describe('the Close frame', () => {
  test('goes out when both directions have ended, and not before', async () => {
    const { ours, peer, driver } = await pair();
    const closed = once(peer, 'close');
    peer.send(END);
    expect((await driver.read(1)).length).toBe(0);
    expect(ours.readyState).toBe(WebSocket.OPEN);
    await driver.shutdown();
    expect((await closed)[0]).toBe(1000);
    expect(await driver.shutdown()).toBe(0);
    expect((await driver.read(1)).length).toBe(0);
  });

  test('of the peer before its end message is a failure, after what came before it', async () => {
    const { peer, driver } = await pair();
    peer.send(data('abc'));
    peer.close(1000, 'bye');
    expect((await driver.read(10)).toString()).toBe('abc');
    expect(await readFailure(driver)).toMatchObject({
      code: 'TUNNEL_CLOSED_EARLY',
      message: 'WebSocket closed: expected the end message, got Close 1000 bye',
    });
    await expect(driver.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 'TUNNEL_CLOSED_EARLY' });
    await expect(driver.shutdown()).rejects.toMatchObject({ code: 'TUNNEL_CLOSED_EARLY' });
  });

  test('of the peer after its end message, but before ours, leaves the reader its end', async () => {
    const { ours, peer, driver } = await pair();
    peer.send(data('abc'));
    peer.send(END);
    peer.close(1000);
    await once(ours, 'close');
    expect((await driver.read(10)).toString()).toBe('abc');
    expect((await driver.read(10)).length).toBe(0);
    await expect(driver.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 'TUNNEL_CLOSED_EARLY' });
  });

  test('that never comes, for the connection is lost, is a failure', async () => {
    const { peer, driver } = await pair();
    peer.terminate();
    expect(await readFailure(driver)).toMatchObject({ message: containing('got a lost connection') });
  });

  test('that came before the stream was made is a failure', async () => {
    const { ours, peer } = await webSocketPair();
    ours.resume();
    peer.close(1000);
    await once(ours, 'close');
    expect(await readFailure(new Driver(fromTunnelSocket(ours)))).toMatchObject({ code: 'TUNNEL_CLOSED_EARLY' });
  });
});

describe('an abort', () => {
  test('of the peer fails both halves, after what came before it', async () => {
    const { peer, driver } = await pair();
    peer.send(data('abc'));
    peer.send(Buffer.from('\x02read ECONNRESET'));
    expect((await driver.read(10)).toString()).toBe('abc');
    const expected = { code: 'TUNNEL_ABORTED', message: 'Peer aborted: read ECONNRESET' };
    expect(await readFailure(driver)).toMatchObject(expected);
    await expect(driver.write(Buffer.alloc(1))).rejects.toMatchObject(expected);
    await expect(driver.flush()).rejects.toMatchObject(expected);
  });

  test('of the peer counts even after its end message', async () => {
    const { peer, driver } = await pair();
    peer.send(END);
    peer.send(Buffer.from('\x02late'));
    await expect.poll(async () => readFailure(driver)).toMatchObject({ code: 'TUNNEL_ABORTED' });
  });

  test('of ours is told to the peer with its reason, and closes', async () => {
    const { peer, stream, driver } = await pair();
    const got = messages(peer, 1);
    const closed = once(peer, 'close');
    stream.abort(new Error('read ECONNRESET'));
    stream.abort(new Error('again'));
    expect(await got).toEqual(['\x02read ECONNRESET']);
    expect((await closed)[0]).toBe(1011);
    expect(await readFailure(driver)).toMatchObject({ code: 'STREAM_ABORTED' });
  });

  test('of ours is not echoed to a peer that aborted first', async () => {
    const { peer, stream, driver } = await pair();
    let got = 0;
    peer.on('message', () => {
      got += 1;
    });
    peer.send(Buffer.of(2));
    await readFailure(driver);
    stream.abort(new Error('mine'));
    await once(peer, 'close');
    expect(got).toBe(0);
  });
});

describe('a peer that breaks the rules', () => {
  test.each([
    ['data after its end', [END, data('x')], 'expected nothing after the end, got data'],
    ['a second end', [END, END], 'expected nothing after the end, got end'],
    ['an unknown kind', [Buffer.of(9)], 'expected kind 0, 1 or 2, got 9'],
    ['an empty message', [Buffer.alloc(0)], 'expected a byte of kind'],
    ['data without a payload', [Buffer.of(0)], 'expected a payload'],
    ['text', ['text'], 'expected a binary message, got a text message'],
  ] as const)('by %s is told so, and fails', async (_, sent, expected) => {
    const { peer, driver } = await pair();
    const closed = once(peer, 'close');
    for (const message of sent) peer.send(message);
    expect((await closed)[0]).toBe(1002);
    expect(await readFailure(driver)).toMatchObject({
      code: 'TUNNEL_MESSAGE_INVALID',
      message: containing(expected),
    });
  });

  test('by a message that is too long is told so, and fails', async () => {
    const { peer, driver } = await pair({ maxPayload: 100 });
    const closed = once(peer, 'close');
    peer.send(data('x'.repeat(100)));
    expect((await closed)[0]).toBe(1009);
    expect(await readFailure(driver)).toMatchObject({ code: 'TUNNEL_MESSAGE_TOO_LONG' });
  });
});
