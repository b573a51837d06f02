import type { TcpSegment } from '../tcp-segment.ts';

/** Addresses and ports of a connection, to be compared with those of millions of segments. */
export class ConnectionEnds {
  readonly #sender: Uint8Array;
  readonly #receiver: Uint8Array;
  /** The addresses as numbers, which tell most others apart, and all of IPv4. */
  readonly #senderNumber: number;
  readonly #receiverNumber: number;
  readonly #isIpv4: boolean;
  readonly #senderPort: number;
  readonly #receiverPort: number;

  /** Those of the connection's first segment. */
  constructor(segment: TcpSegment) {
    const { bytes, ipVersion, sourceAt, destinationAt } = segment;
    const length = ipVersion === 4 ? 4 : 16;
    this.#sender = new Uint8Array(bytes.subarray(sourceAt, sourceAt + length));
    this.#receiver = new Uint8Array(bytes.subarray(destinationAt, destinationAt + length));
    this.#senderNumber = segment.sourceNumber;
    this.#receiverNumber = segment.destinationNumber;
    this.#isIpv4 = ipVersion === 4;
    this.#senderPort = segment.sourcePort;
    this.#receiverPort = segment.destinationPort;
  }

  /**
   * Whether a segment goes the way that the first one went; null: it is one of another connection. Between two ends with the same
   * address and port all do.
   */
  isFromSender(segment: TcpSegment): boolean | null {
    const { sourcePort, destinationPort, ipVersion, sourceNumber, destinationNumber } = segment;
    if ((ipVersion === 4) !== this.#isIpv4) return null;
    if (
      sourcePort === this.#senderPort &&
      destinationPort === this.#receiverPort &&
      sourceNumber === this.#senderNumber &&
      destinationNumber === this.#receiverNumber &&
      (this.#isIpv4 || isBetween(segment, this.#sender, this.#receiver))
    )
      return true;
    if (
      sourcePort === this.#receiverPort &&
      destinationPort === this.#senderPort &&
      sourceNumber === this.#receiverNumber &&
      destinationNumber === this.#senderNumber &&
      (this.#isIpv4 || isBetween(segment, this.#receiver, this.#sender))
    )
      return false;
    return null;
  }
}

function isBetween({ bytes, sourceAt, destinationAt }: TcpSegment, source: Uint8Array, target: Uint8Array): boolean {
  for (let at = 0; at < source.length; at += 1) {
    if (bytes[sourceAt + at] !== source[at] || bytes[destinationAt + at] !== target[at]) return false;
  }
  return true;
}
