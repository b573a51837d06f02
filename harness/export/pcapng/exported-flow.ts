import { TcpFlag } from '../../capture/tcp-segment.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import type { IpEndpoint } from './ip-endpoint.ts';
import { enhancedPacket } from './pcapng-blocks.ts';
import { headerBytes, tcpPacket, type TcpPacketParts } from './tcp-packet.ts';

const { SYN, ACK, FIN, RST, PSH } = TcpFlag;
/** MSS of 65,495, window scale of 14: nothing that a copy writes at once is too much. */
const SYN_OPTIONS = Uint8Array.of(2, 4, 0xff, 0xd7, 3, 3, 14, 1);
const OPEN_WINDOW = 0xffff;
/** Known payload goes in packets of at most so much, as their lengths have 16 bits. */
const MAX_SEGMENT_BYTES = 65_000;
const NOTHING = new Uint8Array(0);

/** One of the two senders. */
interface Sender {
  readonly end: IpEndpoint;
  /** Of its next byte. */
  sequence: number;
  window: number;
  identification: number;
  hasEnded: boolean;
}

/** A connection of a trace as the packets of a TCP connection from a to b, in which everything arrives at once. */
export class ExportedFlow {
  readonly #senders: Readonly<Record<Direction, Sender>>;
  #isReset = false;

  constructor(connection: number, [a, b]: readonly [IpEndpoint, IpEndpoint]) {
    this.#senders = { 'a -> b': sender(a, connection, 0), 'b -> a': sender(b, connection, 1) };
  }

  /** The handshake. @param micros since 1970, as everywhere here. */
  *open(micros: number, comment: string): Generator<Uint8Array> {
    const [client, server] = [this.#senders['a -> b'], this.#senders['b -> a']];
    yield this.#packet(micros, 'a -> b', { flags: SYN, options: SYN_OPTIONS }, comment);
    client.sequence = next(client.sequence, 1);
    yield this.#packet(micros, 'b -> a', { flags: SYN | ACK, options: SYN_OPTIONS });
    server.sequence = next(server.sequence, 1);
    yield this.#packet(micros, 'a -> b', {});
  }

  /**
   * A write that took `bytes` bytes, and its acknowledgement.
   * @param known their beginning, as far as it was recorded. Where it ends, the packet is one that was cut.
   */
  *write(
    micros: number,
    direction: Direction,
    bytes: number,
    known: Uint8Array,
    comment: string,
  ): Generator<Uint8Array> {
    let at = 0;
    while (at < bytes) {
      const payload = known.subarray(at, at + MAX_SEGMENT_BYTES);
      const isLast = at + payload.length >= known.length;
      // What is not known is one packet, however long: it takes no room.
      const payloadBytes = isLast ? bytes - at : payload.length;
      const flags = at + payloadBytes < bytes ? ACK : ACK | PSH;
      yield this.#packet(micros, direction, { flags, payload, payloadBytes }, at === 0 ? comment : 'of the same write');
      this.#senders[direction].sequence = next(this.#senders[direction].sequence, payloadBytes);
      at += payloadBytes;
    }
    yield this.#packet(micros, opposite(direction), {});
  }

  /** Bytes that are known to be missing: whoever reads the packets sees that they were not captured. */
  skip(direction: Direction, bytes: number): void {
    const from = this.#senders[direction];
    from.sequence = next(from.sequence, bytes);
  }

  /** Something to say, on a packet that says nothing else: one that opens the sender's window by a hair, or closes it. */
  *remark(micros: number, direction: Direction, comment: string): Generator<Uint8Array> {
    const from = this.#senders[direction];
    // An acknowledgement that repeats all of the one before would be taken for a sign of loss.
    from.window = from.window === OPEN_WINDOW ? OPEN_WINDOW - 1 : OPEN_WINDOW;
    yield this.#packet(micros, direction, {}, comment);
  }

  /** The direction is at its end. */
  *end(micros: number, direction: Direction, comment: string): Generator<Uint8Array> {
    const from = this.#senders[direction];
    if (from.hasEnded || this.#isReset) {
      yield* this.remark(micros, direction, comment);
      return;
    }
    yield this.#packet(micros, direction, { flags: FIN | ACK }, comment);
    from.hasEnded = true;
    from.sequence = next(from.sequence, 1);
    yield this.#packet(micros, opposite(direction), {});
  }

  /** Broken off by the sender of that direction; said again, it is a remark. */
  *reset(micros: number, direction: Direction, comment: string): Generator<Uint8Array> {
    if (this.#isReset) {
      yield* this.remark(micros, direction, comment);
      return;
    }
    yield this.#packet(micros, direction, { flags: RST | ACK }, comment);
    this.#isReset = true;
  }

  #packet(
    micros: number,
    direction: Direction,
    { flags = ACK, payload = NOTHING, payloadBytes = payload.length, options }: Partial<TcpPacketParts>,
    comment = '',
  ): Uint8Array {
    const [from, to] = [this.#senders[direction], this.#senders[opposite(direction)]];
    const parts: TcpPacketParts = {
      source: from.end,
      target: to.end,
      sequence: from.sequence,
      acknowledgement: (flags & ACK) === 0 ? 0 : to.sequence,
      flags,
      window: from.window,
      payload,
      payloadBytes,
      identification: from.identification,
      ...(options === undefined ? {} : { options }),
    };
    from.identification = (from.identification + 1) & 0xffff;
    return enhancedPacket(micros, tcpPacket(parts), headerBytes(parts) + payloadBytes, comment);
  }
}

/** Numbers that begin elsewhere for each connection, so that ports used again are seen to be; and the same in each export. */
function sender(end: IpEndpoint, connection: number, side: number): Sender {
  const sequence = Math.imul(2 * connection + side, 0x9e37_79b1) >>> 0;
  return { end, sequence, window: OPEN_WINDOW, identification: side, hasEnded: false };
}

function next(sequence: number, bytes: number): number {
  return (sequence + bytes) % 0x1_0000_0000;
}

function opposite(direction: Direction): Direction {
  return direction === 'a -> b' ? 'b -> a' : 'a -> b';
}
