import type { Duplex } from 'node:stream';
import { Duplex as NodeDuplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { activeFaults } from '../../../harness/faults/apply-faults.ts';
import type { FaultEntry } from '../../../harness/faults/fault-plan.ts';
import type { WebSocketFault } from '../../../harness/faults/websocket/web-socket-fault.ts';
import { Frame } from '../../../harness/faults/websocket/wire/frame.ts';
import { WebSocketLink } from '../../../harness/faults/websocket/wire/web-socket-link.ts';
import { systemClock } from '../../../src/poll/clock.ts';

/** Segments are what TCP makes of writes, so what counts is what is written at once. */

const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
const RESPONSE = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n';
const ONE = frame('one');
const TWO = frame('two');

function frame(text: string): Buffer {
  return Frame.of({ fin: true, rsv: 0, opcode: 1, mask: null, payload: Buffer.from(text) }).wire;
}

/** A server whose faults are these, on a connection of which every write is kept. */
function serving(entry: FaultEntry): { duplex: Duplex; writes: Buffer[]; raw: Duplex } {
  const writes: Buffer[] = [];
  const raw = new NodeDuplex({
    read: () => undefined,
    write: (bytes: Buffer, _encoding, done) => {
      writes.push(bytes);
      done();
    },
  });
  const link = new WebSocketLink();
  link.arm(() => {
    const context = { connection: 1, recorder: null, clock: systemClock };
    const faults = activeFaults('websocket', 'b', { faults: [entry] }, context);
    const of = (half: string) =>
      // Level websocket was asked for.
      faults.filter((one) => one.half === half).map((one) => (one.definition as WebSocketFault).open(one));
    return { out: of('write'), in: of('read') };
  });
  return { duplex: link.wrap(raw, 'server'), writes, raw };
}

/** Writes one by one, each once the one before it has been taken. */
async function send(duplex: Duplex, ...all: readonly (Buffer | string)[]): Promise<void> {
  for (const bytes of all) await new Promise((resolve) => duplex.write(bytes, resolve));
}

describe('what a fault writes at once', () => {
  test('torn: each byte alone', async () => {
    const { duplex, writes } = serving({ fault: 'torn' });
    await send(duplex, RESPONSE, ONE);
    expect(writes.map((bytes) => bytes.byteLength)).toEqual([RESPONSE.length, 1, 1, 1, 1, 1]);
    expect(Buffer.concat(writes.slice(1))).toEqual(ONE);
  });

  test('torn by 2: two and two, and the rest', async () => {
    const { duplex, writes } = serving({ fault: 'torn', bytes: 2 });
    await send(duplex, RESPONSE, ONE);
    expect(writes.map((bytes) => bytes.byteLength)).toEqual([RESPONSE.length, 2, 2, 1]);
  });

  test('coalesced: many frames together', async () => {
    const { duplex, writes } = serving({ fault: 'coalesced', frames: 3, waitMs: 1_000_000 });
    await send(duplex, RESPONSE, ONE, TWO);
    expect(writes).toHaveLength(1);
    await send(duplex, ONE, TWO);
    expect(writes.slice(1)).toEqual([Buffer.concat([ONE, TWO, ONE])]);
  });

  test('coalesced: what has waited long enough goes without the rest', async () => {
    const { duplex, writes, raw } = serving({ fault: 'coalesced', frames: 3, waitMs: 1 });
    await send(duplex, RESPONSE, ONE, TWO);
    await new Promise<void>((resolve) => {
      raw._write = (bytes: Buffer, _encoding, done) => {
        writes.push(bytes);
        done();
        resolve();
      };
    });
    expect(writes.slice(1)).toEqual([Buffer.concat([ONE, TWO])]);
  });

  test('first-frame-with-101: the response together with the first frame', async () => {
    const { duplex, writes } = serving({ fault: 'first-frame-with-101', waitMs: 1_000_000 });
    await send(duplex, RESPONSE);
    expect(writes).toEqual([]);
    await send(duplex, ONE, TWO);
    expect(writes).toEqual([Buffer.concat([Buffer.from(RESPONSE), ONE]), TWO]);
  });

  test('deflate-bomb: the bomb, and then the message that it came before', async () => {
    const { duplex, writes } = serving({ fault: 'deflate-bomb', mebibytes: 1, times: 1 });
    const response = RESPONSE.replace(/\r\n$/, 'sec-websocket-extensions: permessage-deflate\r\n\r\n');
    await send(duplex, response, ONE);
    const frames = Buffer.concat(writes).subarray(response.length);
    expect(frames.readUInt8(0)).toBe(0xc2);
    expect(frames.byteLength).toBeGreaterThan(1000);
    expect(frames.subarray(-ONE.byteLength)).toEqual(ONE);
  });

  test('deflate-bomb: nothing where nothing is inflated', async () => {
    const { duplex, writes } = serving({ fault: 'deflate-bomb' });
    await send(duplex, RESPONSE, ONE);
    expect(Buffer.concat(writes)).toEqual(Buffer.concat([Buffer.from(RESPONSE), ONE]));
  });

  test('message-doubled: a message that the end cuts off goes on as far as it came', async () => {
    const { duplex, writes, raw } = serving({ fault: 'message-doubled' });
    const part = Frame.of({ fin: false, rsv: 0, opcode: 1, mask: null, payload: Buffer.from('par') }).wire;
    await send(duplex, RESPONSE, part);
    expect(Buffer.concat(writes).toString()).toBe(RESPONSE);
    const ended = new Promise((resolve) => raw.once('finish', resolve));
    duplex.end();
    await ended;
    expect(Buffer.concat(writes)).toEqual(Buffer.concat([Buffer.from(RESPONSE), part]));
  });

  test('a head that is longer than any goes through as it is, and is not kept', async () => {
    const { duplex, writes } = serving({ fault: 'torn' });
    const endless = Buffer.alloc(65_537, 'x');
    await send(duplex, endless);
    expect(Buffer.concat(writes)).toEqual(endless);
  });

  test('two frames of one write stay together where no fault fires', async () => {
    const { duplex, writes } = serving({ fault: 'torn', when: { chance: 0 } });
    await send(duplex, RESPONSE, Buffer.concat([ONE, TWO]));
    expect(writes.slice(1)).toEqual([Buffer.concat([ONE, TWO])]);
  });
});

describe('a fault of the reading half', () => {
  test('acts on what comes from the peer', async () => {
    const { duplex, raw } = serving({ fault: 'message-dropped', half: 'read', when: { frame: 1 } });
    const chunks: Buffer[] = [];
    duplex.on('data', (bytes: Buffer) => chunks.push(bytes));
    const ended = new Promise((resolve) => duplex.once('end', resolve));
    raw.push(Buffer.concat([Buffer.from(REQUEST), ONE, TWO]));
    raw.push(null);
    await ended;
    expect(Buffer.concat(chunks)).toEqual(Buffer.concat([Buffer.from(REQUEST), TWO]));
  });

  test('that resets is a reset for the library', async () => {
    const { duplex, raw } = serving({ fault: 'rst-without-close', at: 'message', half: 'read' });
    raw.on('error', () => undefined);
    const failed = new Promise<Error>((resolve) => duplex.once('error', resolve));
    duplex.resume();
    raw.push(Buffer.concat([Buffer.from(REQUEST), ONE]));
    expect((await failed).message).toBe('read ECONNRESET');
  });
});

test('a response that is no 101 is left alone, whatever follows it', async () => {
  const { duplex, writes } = serving({ fault: 'mask-flipped' });
  await send(duplex, 'HTTP/1.1 404 Not Found\r\n\r\n', ONE);
  expect(Buffer.concat(writes)).toEqual(Buffer.concat([Buffer.from('HTTP/1.1 404 Not Found\r\n\r\n'), ONE]));
});

test('frames that a fault makes are masked where a client sends them', async () => {
  const writes: Buffer[] = [];
  const raw = new NodeDuplex({
    read: () => undefined,
    write: (bytes: Buffer, _encoding, done) => {
      writes.push(bytes);
      done();
    },
  });
  const link = new WebSocketLink();
  link.arm(() => ({
    out: [
      {
        frame: (_frame, out) => {
          out.frame(out.make({ opcode: 9, payload: Buffer.from('ping') }));
        },
      },
    ],
    in: [],
  }));
  await send(link.wrap(raw, 'client'), REQUEST, ONE);
  // A ping of four bytes, masked.
  expect(writes[1]?.toString('hex')).toMatch(/^8984.{16}$/);
});
