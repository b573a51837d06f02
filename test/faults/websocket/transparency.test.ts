import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { activeFaults } from '../../../harness/faults/apply-faults.ts';
import type { WebSocketFault } from '../../../harness/faults/websocket/web-socket-fault.ts';
import { Frame } from '../../../harness/faults/websocket/wire/frame.ts';
import { WebSocketLink } from '../../../harness/faults/websocket/wire/web-socket-link.ts';
import { systemClock } from '../../../src/poll/clock.ts';
import { closed, MIB, tcpPair } from '../../streams/support/sockets.ts';

/** Through a link, a connection is what it is without one. */

interface Through {
  /** What a library would get. */
  readonly ours: Duplex;
  readonly far: Socket;
}

async function through(link = new WebSocketLink()): Promise<Through> {
  const { near, far } = await tcpPair();
  return { ours: link.wrap(near, 'client'), far };
}

/** A link that looks at every frame, and does nothing to any. */
function watching(): WebSocketLink {
  const link = new WebSocketLink();
  link.arm(() => {
    const plan = { faults: [{ fault: 'message-doubled', when: { chance: 0 } }] };
    const [fault] = activeFaults('websocket', 'b', plan, { connection: 1, recorder: null, clock: systemClock });
    if (fault === undefined) throw new Error('Expected a fault');
    // Level websocket was asked for.
    const definition = fault.definition as WebSocketFault;
    return { out: [definition.open(fault)], in: [definition.open(fault)] };
  });
  return link;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digest of everything up to the end. Not an async iterator, which destroys what it has read to the end. */
function received(duplex: Duplex): Promise<string> {
  const hash = createHash('sha256');
  return new Promise((resolve, reject) => {
    duplex.on('data', (bytes: Buffer) => hash.update(bytes));
    duplex.once('end', () => {
      resolve(hash.digest('hex'));
    });
    duplex.once('error', reject);
    duplex.resume();
  });
}

const HTTP = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
/** A message of a mebibyte. */
const MESSAGE = Frame.of({ fin: true, rsv: 0, opcode: 2, mask: null, payload: Buffer.alloc(MIB, 1) }).wire;
/** More than the system holds for a connection that nobody reads. */
const MESSAGES = Buffer.concat(Array.from({ length: 32 }, () => MESSAGE));
const ANSWER = 'HTTP/1.1 101 Switching Protocols\r\n\r\n';

describe.each([
  ['with an empty plan', () => new WebSocketLink()],
  // Random bytes are frames of any kind and length, the last one cut off.
  ['with faults that do not fire', watching],
])('%s', (_name, makeLink) => {
  test('10 MiB arrive each way as they were sent, and then the end', async () => {
    const { ours, far } = await through(makeLink());
    const up = Buffer.concat([Buffer.from(HTTP), randomBytes(10 * MIB)]);
    const down = Buffer.concat([Buffer.from(ANSWER), randomBytes(10 * MIB)]);
    const got = Promise.all([received(far), received(ours)]);
    ours.end(up);
    far.end(down);
    expect(await got).toEqual([sha256(up), sha256(down)]);
  });

  test('the end of one direction leaves the other open', async () => {
    const { ours, far } = await through(makeLink());
    far.end(ANSWER);
    expect(await received(ours)).toBe(sha256(Buffer.from(ANSWER)));
    expect(ours.writable).toBe(true);
    const got = received(far);
    ours.write(HTTP);
    ours.end('late');
    expect(await got).toBe(sha256(Buffer.from(`${HTTP}late`)));
  });

  test('our end leaves the other direction open', async () => {
    const { ours, far } = await through(makeLink());
    ours.end();
    expect(await received(far)).toBe(sha256(Buffer.alloc(0)));
    const got = received(ours);
    far.end(`${ANSWER}late`);
    expect(await got).toBe(sha256(Buffer.from(`${ANSWER}late`)));
  });

  test('a reset of the peer is a reset', async () => {
    const { ours, far } = await through(makeLink());
    ours.resume();
    const failed = once(ours, 'error') as Promise<[Error & { code: string }]>;
    const gone = closed(ours);
    far.resetAndDestroy();
    expect((await failed)[0].code).toBe('ECONNRESET');
    await gone;
  });

  test('a reset of ours is a reset', async () => {
    const { ours, far } = await through(makeLink());
    far.resume();
    const failed = once(far, 'error') as Promise<[Error & { code: string }]>;
    (ours as Socket).resetAndDestroy();
    expect((await failed)[0].code).toBe('ECONNRESET');
  });

  test('who is not read is held up, and goes on when it is', async () => {
    const { ours, far } = await through(makeLink());
    ours.write(HTTP);
    let unsent = 0;
    for (let written = 0; written < 32; written += 1) {
      unsent += 1;
      ours.write(MESSAGE, () => {
        unsent -= 1;
      });
    }
    let before = -1;
    for (let still = 0; still < 20; still = unsent === before ? still + 1 : 0) {
      before = unsent;
      await nextTurn();
    }
    expect(unsent).toBeGreaterThan(0);
    const got = received(far);
    ours.end();
    expect(await got).toBe(sha256(Buffer.concat([Buffer.from(HTTP), MESSAGES])));
    expect(unsent).toBe(0);
  });

  test('who does not read holds up the peer, and keeps little', async () => {
    const { ours, far } = await through(makeLink());
    ours.pause();
    far.end(Buffer.concat([Buffer.from(ANSWER), MESSAGES]));
    let before = -1;
    for (let still = 0; still < 20; still = far.bytesWritten + ours.readableLength === before ? still + 1 : 0) {
      before = far.bytesWritten + ours.readableLength;
      await nextTurn();
    }
    expect(far.writableFinished).toBe(false);
    expect(ours.readableLength).toBeLessThanOrEqual(128 * 1024);
    expect(await received(ours)).toBe(sha256(Buffer.concat([Buffer.from(ANSWER), MESSAGES])));
  });
});

test('what was not read when the connection was over is read afterwards', async () => {
  const { near, far } = await tcpPair();
  const ours = new WebSocketLink().wrap(near, 'client');
  const over = closed(near);
  // A library that reads when it likes, as undici does.
  ours.on('readable', () => undefined);
  far.end('late');
  ours.end();
  far.resume();
  await over;
  ours.removeAllListeners('readable');
  expect(await received(ours)).toBe(sha256(Buffer.from('late')));
});

test('what is destroyed with a write under way tells the write', async () => {
  const { ours, far } = await through();
  far.pause();
  const told = new Promise<Error | null | undefined>((resolve) => {
    ours.write(Buffer.alloc(64 * MIB), resolve);
  });
  await nextTurn();
  ours.destroy();
  expect((await told)?.message).toBe('Connection was destroyed');
});
