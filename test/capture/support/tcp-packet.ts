/** One TCP packet made by hand, with numbers as they are on the wire. */
export interface TcpParts {
  readonly from: TcpEnd;
  readonly to: TcpEnd;
  readonly seq: number;
  /** Without it the ACK flag is not set. */
  readonly ack?: number;
  /** TcpFlag, or-ed; ACK comes by itself. */
  readonly flags?: number;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  /** IPv4's identification. Default: another one for each packet. */
  readonly id?: number;
  readonly window?: number;
}

/** 4 bytes of address, or 16. */
export interface TcpEnd {
  readonly address: readonly number[];
  readonly port: number;
}

const ACK = 16;
let nextId = 1;

/** Over IPv4 or IPv6, as the addresses are; without a checksum, as on a loopback interface. */
export function tcpPacket(parts: TcpParts): Buffer {
  const { from, to, seq, ack, flags = 0, window = 65_535 } = parts;
  const payload = parts.bytes ?? Buffer.from(parts.text ?? '', 'latin1');
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(from.port, 0);
  tcp.writeUInt16BE(to.port, 2);
  tcp.writeUInt32BE(seq >>> 0, 4);
  tcp.writeUInt32BE((ack ?? 0) >>> 0, 8);
  tcp[12] = 0x50;
  tcp[13] = flags | (ack === undefined ? 0 : ACK);
  tcp.writeUInt16BE(window, 14);
  const isV6 = from.address.length === 16;
  const ip = Buffer.alloc(isV6 ? 40 : 20);
  ip[0] = isV6 ? 0x60 : 0x45;
  if (isV6) {
    ip.writeUInt16BE(20 + payload.length, 4);
    ip[6] = 6;
    ip[7] = 64;
  } else {
    ip.writeUInt16BE(40 + payload.length, 2);
    ip.writeUInt16BE(parts.id ?? nextId++ & 0xffff, 4);
    ip[8] = 64;
    ip[9] = 6;
  }
  ip.set(from.address, ip.length - 2 * from.address.length);
  ip.set(to.address, ip.length - from.address.length);
  return Buffer.concat([ip, tcp, payload]);
}

/** Both ends of a connection, with their initial sequence numbers; `a` is the client. */
export interface TcpTalk {
  readonly a: TcpEnd & { readonly isn: number };
  readonly b: TcpEnd & { readonly isn: number };
}

export const TALK: TcpTalk = {
  a: { address: [192, 0, 2, 1], port: 40_000, isn: 1_000_000 },
  b: { address: [198, 51, 100, 7], port: 8080, isn: 5_000_000 },
};

const v6 = (last: number): number[] => [0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), last];
export const TALK_V6: TcpTalk = { a: { ...TALK.a, address: v6(1) }, b: { ...TALK.b, address: v6(2) } };

/** A packet of a talk, its numbers counted from the first byte of each stream. */
export function said(
  who: 'a' | 'b',
  at: number,
  text: string | Uint8Array,
  more: Partial<TcpParts> & { readonly acked?: number | null; readonly talk?: TcpTalk } = {},
): Buffer {
  const { acked = 0, talk = TALK, ...parts } = more;
  const [from, to] = who === 'a' ? [talk.a, talk.b] : [talk.b, talk.a];
  return tcpPacket({
    from,
    to,
    seq: from.isn + 1 + at,
    ...(acked === null ? {} : { ack: to.isn + 1 + acked }),
    bytes: typeof text === 'string' ? Buffer.from(text, 'latin1') : text,
    ...parts,
  });
}

export const SYN = 2;
export const FIN = 1;
export const RST = 4;

export function handshake(talk: TcpTalk = TALK): Buffer[] {
  return [
    said('a', -1, '', { flags: SYN, acked: null, talk }),
    said('b', -1, '', { flags: SYN, talk }),
    said('a', 0, '', { talk }),
  ];
}
