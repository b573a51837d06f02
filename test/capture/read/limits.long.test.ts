import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readCapture } from '../../../harness/capture/read/read-capture.ts';
import { Frame } from '../../../harness/faults/websocket/wire/frame.ts';
import { decode, Decoded } from '../support/decode.ts';
import { ipv4, opening, pcapOf } from '../support/packets.ts';

/** What a hostile capture asks for, and the named limit that it comes to. */

const GRANTED = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');

function fromServer(...payloads: Buffer[]): Buffer {
  const frames = payloads.map((payload) => Frame.of({ fin: true, rsv: 4, opcode: 2, mask: null, payload }).wire);
  const said = Buffer.concat([GRANTED, ...frames]);
  const packets = Array.from({ length: Math.ceil(said.length / 60_000) }, (_, index) => {
    const offset = index * 60_000;
    return ipv4({ from: 'b', offset, bytes: said.subarray(offset, offset + 60_000) });
  });
  return pcapOf([...opening(), ...packets]);
}

/** RFC 7692, section 7.2.1: the last four bytes stay at home. */
function deflated(bytes: Buffer): Buffer {
  return deflateRawSync(bytes, { finishFlush: 2 }).subarray(0, -4);
}

/** MAX_MESSAGE_BYTES. The message behind it does not refer to it, and can be had. */
test('a compressed message that bursts is stopped, and what follows goes on', async () => {
  const bomb = deflated(Buffer.alloc(100 * 1024 * 1024));
  const capture = fromServer(bomb, deflated(Buffer.from('after it')));
  expect(capture.length).toBeLessThan(110_000);
  const { told, messages } = await decode(capture);
  expect(told).toContain('b: undecodable at 56: a message that inflates to more than 67108864 bytes');
  expect(messages[1].map(({ payload }) => payload?.toString() ?? null)).toEqual([null, 'after it']);
});

/** MAX_HAR_BYTES: JSON is held whole. */
test('a HAR that is too long is refused before it is held', async () => {
  async function* long(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('{"log":'));
    for (let count = 0; count < 200; count += 1) yield Buffer.alloc(1024 * 1024, ' ');
  }
  const reading = readCapture(long(), { packet: () => undefined, note: () => undefined }, new Decoded());
  await expect(reading).rejects.toMatchObject({
    code: 'CAPTURE_LIMIT',
    message: 'HAR too long: expected at most 134217728 bytes',
    place: { fileOffset: 134_217_728 },
  });
});
