import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { CaptureCounts, CaptureShape } from './capture-variant.ts';
import { PacketWriter } from './packet-writer.ts';

/** Payload of a packet, and of a WebSocket message inside, from the client and from the server. */
const SHAPES = {
  // Messages of 64 KiB and the byte that a tunnel puts in front: what a relay sends on when it has read as much as it can.
  big: { packetBytes: 60_000, messageBytes: [65_537, 65_537] },
  // A message a packet, which makes 177 bytes with Ethernet, IP, TCP and the frame's header, masked or not.
  small: { packetBytes: 111, messageBytes: [105, 109] },
} as const;

const UPGRADE =
  'GET /chat HTTP/1.1\r\nHost: 192.0.2.7:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
const GRANT =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
const BATCH_PACKETS = 64;
/** Different messages; then they begin anew. */
const MESSAGES = 64;
const [SYN, PSH, ACK] = [2, 8, 16];

/**
 * Writes a pcap of about so many bytes: one connection, its handshake and upgrade, then packets full of binary WebSocket messages from
 * client and server by turns, masked up and unmasked down. The same each time. Returns what is in it.
 */
export async function writeLargeCapture(path: string, shape: CaptureShape, bytes: number): Promise<CaptureCounts> {
  const { packetBytes, messageBytes } = SHAPES[shape];
  const file = createWriteStream(path);
  const writer = new PacketWriter();
  file.write(writer.fileHeader());
  const none = Buffer.alloc(0);
  const begin = [
    writer.packet(0, none, SYN),
    writer.packet(1, none, SYN | ACK),
    writer.packet(0, none, ACK),
    writer.packet(0, Buffer.from(UPGRADE), PSH | ACK),
    writer.packet(1, Buffer.from(GRANT), PSH | ACK),
  ];
  file.write(Buffer.concat(begin));
  const streams = [messages(messageBytes[0], true), messages(messageBytes[1], false)] as const;
  const sent: [number, number] = [0, 0];
  while (writer.bytes < bytes) {
    const batch: Buffer[] = [];
    for (let index = 0; index < BATCH_PACKETS; index += 1) {
      const direction = index % 2 === 0 ? 0 : 1;
      batch.push(writer.packet(direction, cyclic(streams[direction], sent[direction], packetBytes), PSH | ACK));
      sent[direction] += packetBytes;
    }
    if (!file.write(Buffer.concat(batch))) await once(file, 'drain');
  }
  // The last message of each direction comes whole.
  for (const direction of [0, 1] as const) {
    const frameBytes = streams[direction].length / MESSAGES;
    while (sent[direction] % frameBytes > 0) {
      const rest = Math.min(packetBytes, frameBytes - (sent[direction] % frameBytes));
      file.write(writer.packet(direction, cyclic(streams[direction], sent[direction], rest), PSH | ACK));
      sent[direction] += rest;
    }
  }
  file.end();
  await once(file, 'close');
  const counts = ([0, 1] as const).map((direction) => {
    const count = (sent[direction] * MESSAGES) / streams[direction].length;
    return { messages: count, payloadBytes: count * messageBytes[direction], firstBytes: sumOfFirstBytes(count) };
  });
  const sum = (of: 'messages' | 'payloadBytes' | 'firstBytes'): number =>
    counts.reduce((total, one) => total + one[of], 0);
  return {
    bytes: writer.bytes,
    packets: writer.packets,
    messages: sum('messages'),
    payloadBytes: sum('payloadBytes'),
    firstBytes: sum('firstBytes'),
  };
}

/** So many messages of a direction, as frames. Byte `at` of message `n` is (n + at) mod 251. */
function messages(payloadBytes: number, isMasked: boolean): Buffer {
  const frames = Array.from({ length: MESSAGES }, (_, n) => {
    const header = Buffer.alloc(payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10);
    header[0] = 0x82;
    header[1] = payloadBytes < 126 ? payloadBytes : payloadBytes < 65_536 ? 126 : 127;
    if (header.length > 2) header.writeUIntBE(payloadBytes, header.length === 4 ? 2 : 4, header.length === 4 ? 2 : 6);
    const payload = Buffer.alloc(payloadBytes, Buffer.from(Array.from({ length: 251 }, (_byte, at) => (n + at) % 251)));
    if (!isMasked) return Buffer.concat([header, payload]);
    header[1] |= 0x80;
    const mask = Buffer.alloc(4);
    mask.writeUInt32BE(Math.imul(n + 1, 0x9e3779b1) >>> 0);
    for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0);
    return Buffer.concat([header, mask, payload]);
  });
  return Buffer.concat(frames);
}

/** Of the first so many messages of a direction. */
function sumOfFirstBytes(count: number): number {
  const [rounds, rest] = [Math.floor(count / MESSAGES), count % MESSAGES];
  return (rounds * MESSAGES * (MESSAGES - 1)) / 2 + (rest * (rest - 1)) / 2;
}

/** So many bytes of what repeats itself. */
function cyclic(bytes: Buffer, from: number, length: number): Buffer {
  const start = from % bytes.length;
  if (start + length <= bytes.length) return bytes.subarray(start, start + length);
  return Buffer.concat([bytes.subarray(start), bytes.subarray(0, start + length - bytes.length)]);
}
