import { TcpFlag, type TcpSegment } from '../tcp-segment.ts';
import { COPY_WINDOW_NS } from './tcp-limits.ts';

/** So many of the latest packets are remembered, to be told from copies of them. */
const REMEMBERED = 4;
const NUMBERS = 4;
const { SYN, FIN } = TcpFlag;

/** The latest packets of one direction: whether one comes again because it was captured twice, not because it was sent twice. */
export class PacketPrints {
  readonly #prints = new Float64Array(REMEMBERED * NUMBERS).fill(-1);
  #next = 0;

  /** Whether this very packet is among them. */
  has(segment: TcpSegment): boolean {
    const prints = this.#prints;
    const one = identity(segment);
    // Most often nothing of the same number is there.
    for (let at = 0; at < prints.length; at += NUMBERS) {
      if (prints[at] === one && prints[at + 1] === contents(segment) && this.#isSoon(at, segment)) return true;
    }
    return false;
  }

  add(segment: TcpSegment): void {
    const prints = this.#prints;
    const at = this.#next;
    prints[at] = identity(segment);
    prints[at + 1] = contents(segment);
    prints[at + 2] = segment.packet.seconds;
    prints[at + 3] = segment.packet.nanoseconds;
    this.#next = (at + NUMBERS) % prints.length;
  }

  /** A packet without an identification of its own is known by its time as well. */
  #isSoon(at: number, { packet, identification, payloadBytes, flags }: TcpSegment): boolean {
    if (identification !== 0) return true;
    // Bare acknowledgements come twice in earnest: that asks for a retransmission.
    if (payloadBytes === 0 && (flags & (SYN | FIN)) === 0) return false;
    const seconds = packet.seconds - (this.#prints[at + 2] ?? 0);
    const apart = seconds * 1e9 + packet.nanoseconds - (this.#prints[at + 3] ?? 0);
    return Math.abs(apart) < COPY_WINDOW_NS;
  }
}

function identity({ sequence, identification }: TcpSegment): number {
  return sequence * 0x10000 + identification;
}

function contents({ acknowledgement, checksum, payloadBytes, flags, window }: TcpSegment): number {
  return acknowledgement * 0x10000 + ((checksum ^ (payloadBytes << 3) ^ flags ^ (window << 5)) & 0xffff);
}
