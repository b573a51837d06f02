import { describe, expect, test } from 'vitest';
import { Frame, Opcode, type FrameParts } from '../../../harness/faults/websocket/wire/frame.ts';
import { FrameParser } from '../../../harness/faults/websocket/wire/frame-parser.ts';

const MASK = Buffer.from('01020304', 'hex');

function parts(changes: Partial<FrameParts>): FrameParts {
  return { fin: true, rsv: 0, opcode: Opcode.BINARY, mask: null, payload: Buffer.alloc(0), ...changes };
}

/** What a parser makes of the chunks: frames as `opcode:payload bytes`, pieces of too long ones as `bytes`. */
function parse(chunks: readonly Buffer[], maxFrameBytes?: number): { log: string[]; wire: Buffer } {
  const log: string[] = [];
  const wire: Buffer[] = [];
  const parser = new FrameParser({
    frame: (frame) => {
      log.push(`${frame.opcode}:${frame.payloadBytes}`);
      wire.push(frame.wire);
    },
    bytes: (bytes) => {
      log.push('bytes');
      wire.push(bytes);
    },
    ...(maxFrameBytes === undefined ? {} : { maxFrameBytes }),
  });
  for (const chunk of chunks) parser.push(chunk);
  wire.push(parser.takeRest());
  return { log, wire: Buffer.concat(wire) };
}

describe('a frame', () => {
  test.each<[string, FrameParts, string]>([
    // The examples of RFC 6455, section 5.7.
    ['an unmasked text', parts({ opcode: 1, payload: Buffer.from('Hello') }), '810548656c6c6f'],
    [
      'a masked text',
      parts({ opcode: 1, mask: Buffer.from('37fa213d', 'hex'), payload: Buffer.from('Hello') }),
      '818537fa213d7f9f4d5158',
    ],
    ['a first fragment', parts({ fin: false, opcode: 1, payload: Buffer.from('Hel') }), '010348656c'],
    ['a length in 16 bits', parts({ payload: Buffer.alloc(256) }), `827e0100${'00'.repeat(256)}`],
    ['a length in 64 bits', parts({ payload: Buffer.alloc(65_536) }), `827f0000000000010000${'00'.repeat(65_536)}`],
    // Wrong ones.
    ['reserved bits', parts({ rsv: 5 }), 'd200'],
    ['a length that lies', parts({ declaredBytes: 3n, payload: Buffer.of(7) }), '820307'],
    ['a length of 2^63', parts({ declaredBytes: 1n << 63n }), '827f8000000000000000'],
    ['a short length in 64 bits', parts({ lengthBits: 64, payload: Buffer.of(7) }), '827f000000000000000107'],
  ])('has the bytes of %s', (_name, made, hex) => {
    expect(Frame.of(made).wire.toString('hex')).toBe(hex);
  });

  test('is read as it was made', () => {
    const frame = Frame.of(parts({ fin: false, rsv: 2, opcode: 9, mask: MASK, payload: Buffer.from('ping!') }));
    const { fin, rsv, opcode, mask, payload, isControl, isData } = frame;
    expect({ fin, rsv, opcode, isControl, isData }).toEqual({
      fin: false,
      rsv: 2,
      opcode: 9,
      isControl: true,
      isData: false,
    });
    expect(mask).toEqual(MASK);
    expect(payload.toString()).toBe('ping!');
  });

  test('with another payload keeps the rest', () => {
    const frame = Frame.of(parts({ rsv: 4, mask: MASK, payload: Buffer.from('before') }));
    const other = frame.with({ payload: Buffer.from('afterwards') });
    expect([other.rsv, other.opcode, other.mask, other.payload.toString()]).toEqual([4, 2, MASK, 'afterwards']);
  });
});

describe('a parser', () => {
  const stream = Buffer.concat(
    [
      parts({ opcode: 1, payload: Buffer.from('one') }),
      parts({ opcode: 9 }),
      parts({ mask: MASK, payload: Buffer.alloc(200, 7) }),
      parts({ payload: Buffer.alloc(70_000, 9) }),
      parts({ opcode: 8, mask: MASK, payload: Buffer.of(3, 232) }),
    ].map((one) => Frame.of(one).wire),
  );

  test.each([1, 2, 3, 7, 64, 4096, 1_000_000])('finds the same frames in chunks of %i bytes', (size) => {
    const chunks = Array.from({ length: Math.ceil(stream.byteLength / size) }, (_, index) =>
      stream.subarray(index * size, (index + 1) * size),
    );
    const { log, wire } = parse(chunks);
    expect(log).toEqual(['1:3', '9:0', '2:200', '2:70000', '8:2']);
    expect(wire.equals(stream)).toBe(true);
  });

  test('passes on the bytes of a frame that is too long as they come, and finds the next', () => {
    const { log, wire } = parse([stream.subarray(0, 500), stream.subarray(500)], 1000);
    expect(log).toEqual(['1:3', '9:0', '2:200', 'bytes', 'bytes', '8:2']);
    expect(wire.equals(stream)).toBe(true);
  });

  test('keeps a frame of just so many bytes, header included, and none of one more', () => {
    expect(parse([stream], 70_010).log).toEqual(['1:3', '9:0', '2:200', '2:70000', '8:2']);
    expect(parse([stream], 70_009).log).toEqual(['1:3', '9:0', '2:200', 'bytes', '8:2']);
  });

  test('passes on for ever what follows a length of 2^63', () => {
    const lie = Frame.of(parts({ declaredBytes: 1n << 63n })).wire;
    const { log, wire } = parse([lie, stream, stream]);
    expect(log).toEqual(['bytes', 'bytes', 'bytes']);
    expect(wire.equals(Buffer.concat([lie, stream, stream]))).toBe(true);
  });

  test('keeps what is not whole, and gives it up when asked', () => {
    const { log, wire } = parse([stream.subarray(0, 7)]);
    expect(log).toEqual(['1:3', '9:0']);
    expect(wire.toString('hex')).toBe('81036f6e658900');
  });
});
