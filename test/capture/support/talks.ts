import { deflateRawSync } from 'node:zlib';
import { Frame } from '../../../harness/faults/websocket/wire/frame.ts';
import { ipv4, opening, type Piece } from './packets.ts';

/** Short conversations in every protocol that the decoders know, as packets of IPv4. */

const FIN = 1;
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

function frame(from: 'a' | 'b', opcode: number, payload: Buffer, bits: { fin?: boolean; rsv?: number } = {}): Buffer {
  const { fin = true, rsv = 0 } = bits;
  return Frame.of({ fin, rsv, opcode, mask: from === 'a' ? MASK : null, payload }).wire;
}

function deflated(text: string): Buffer {
  return deflateRawSync(Buffer.from(text), { finishFlush: 2 }).subarray(0, -4);
}

const upgrade = (path: string): Buffer =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`);
const GRANTED = Buffer.from(
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n',
);
const CLOSE = Buffer.from([0x03, 0xe8, 0x62, 0x79, 0x65]);

type Line = readonly ['a' | 'b', Buffer];

/** What was said, as segments that follow one another, from the opening to both ends. */
function talk(lines: readonly Line[]): Buffer[] {
  const at = { a: 0, b: 0 };
  const said = lines.map(([from, bytes]) => {
    const piece: Piece = { from, offset: at[from], bytes, ack: at[from === 'a' ? 'b' : 'a'] };
    at[from] += bytes.length;
    return ipv4(piece);
  });
  const ends = [
    ipv4({ from: 'a', offset: at.a, ack: at.b, flags: FIN }),
    ipv4({ from: 'b', offset: at.b, ack: at.a + 1, flags: FIN }),
  ];
  return [...opening(), ...said, ...ends];
}

const webSocket: readonly Line[] = [
  ['a', upgrade('/chat')],
  ['b', GRANTED],
  ['a', frame('a', 1, deflated('hello, hello, hello'), { rsv: 4 })],
  ['b', frame('b', 1, deflated('hello, hello, hello, hello'), { rsv: 4 })],
  ['b', frame('b', 2, Buffer.alloc(200, 7))],
  ['a', frame('a', 2, Buffer.from('part one, '), { fin: false })],
  ['a', frame('a', 9, Buffer.from('ping'))],
  ['b', frame('b', 10, Buffer.from('ping'))],
  ['a', frame('a', 0, Buffer.from('part two'))],
  ['a', frame('a', 8, CLOSE)],
  ['b', frame('b', 8, CLOSE)],
];

const socks5: readonly Line[] = [
  ['a', Buffer.from([5, 2, 0, 2])],
  ['b', Buffer.from([5, 2])],
  ['a', Buffer.from([1, 2, 0x6d, 0x65, 2, 0x70, 0x77])],
  ['b', Buffer.from([1, 0])],
  ['a', Buffer.from([5, 1, 0, 3, 4, 0x74, 0x2e, 0x63, 0x6e, 0, 80])],
  ['b', Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0x1f, 0x90])],
  ['a', upgrade('/')],
  ['b', GRANTED],
  ['a', frame('a', 1, Buffer.from('through a proxy'))],
];

const socks4a: readonly Line[] = [
  ['a', Buffer.from([4, 1, 0, 80, 0, 0, 0, 1, 0x6d, 0x65, 0, 0x74, 0x2e, 0x63, 0x6e, 0])],
  ['b', Buffer.from([0, 90, 0, 80, 0, 0, 0, 1])],
  ['a', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['b', Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')],
];

const tunnel: readonly Line[] = [
  ['a', Buffer.from('CONNECT h:80 HTTP/1.1\r\n\r\n')],
  ['b', Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n')],
  ['a', upgrade('/?host=t.cn&port=80')],
  ['b', GRANTED],
  ['a', frame('a', 2, Buffer.from('\0GET / HTTP/1.0\r\n\r\n'))],
  ['b', frame('b', 2, Buffer.from('\0HTTP/1.0 200 OK\r\n\r\n'))],
  ['a', frame('a', 2, Buffer.from([1]))],
  ['b', frame('b', 2, Buffer.from([1]))],
];

/** Without a handshake, in a wrong order, with overlaps and something missing. */
function disorder(): Buffer[] {
  const lines = Array.from({ length: 8 }, (_, n) => frame('a', 2, Buffer.alloc(40, 0x41 + n)));
  const stream = Buffer.concat(lines);
  const piece = (offset: number, length: number): Buffer =>
    ipv4({ from: 'a', offset, bytes: stream.subarray(offset, offset + length), ack: 9 });
  return [
    piece(0, 46),
    piece(92, 46),
    piece(40, 60),
    piece(46, 10),
    piece(200, 40),
    piece(190, 100),
    piece(300, 68),
    piece(0, 30),
  ];
}

export function talks(): Buffer[][] {
  return [...[webSocket, socks5, socks4a, tunnel].map(talk), disorder()];
}
