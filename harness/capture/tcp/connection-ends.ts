import type { FlowDirection } from '../tcp-flow.ts';
import type { TcpSegment } from '../tcp-segment.ts';

/** Addresses and ports of a connection, to be compared with those of millions of segments. */
export class ConnectionEnds {
  readonly #client: Uint8Array;
  readonly #server: Uint8Array;
  readonly #clientPort: number;
  readonly #serverPort: number;

  constructor(
    { bytes, ipVersion, sourceAt, destinationAt, sourcePort, destinationPort }: TcpSegment,
    isFromClient: boolean,
  ) {
    const length = ipVersion === 4 ? 4 : 16;
    const source = new Uint8Array(bytes.subarray(sourceAt, sourceAt + length));
    const destination = new Uint8Array(bytes.subarray(destinationAt, destinationAt + length));
    this.#client = isFromClient ? source : destination;
    this.#server = isFromClient ? destination : source;
    this.#clientPort = isFromClient ? sourcePort : destinationPort;
    this.#serverPort = isFromClient ? destinationPort : sourcePort;
  }

  /** Null: it is a segment of another connection. Two ends with the same address and port are one direction. */
  directionOf(segment: TcpSegment): FlowDirection | null {
    const { sourcePort, destinationPort, ipVersion } = segment;
    if ((ipVersion === 4) !== (this.#client.length === 4)) return null;
    if (
      sourcePort === this.#clientPort &&
      destinationPort === this.#serverPort &&
      this.#isFrom(segment, this.#client, this.#server)
    )
      return 0;
    if (
      sourcePort === this.#serverPort &&
      destinationPort === this.#clientPort &&
      this.#isFrom(segment, this.#server, this.#client)
    )
      return 1;
    return null;
  }

  #isFrom({ bytes, sourceAt, destinationAt }: TcpSegment, source: Uint8Array, destination: Uint8Array): boolean {
    for (let at = 0; at < source.length; at += 1) {
      if (bytes[sourceAt + at] !== source[at] || bytes[destinationAt + at] !== destination[at]) return false;
    }
    return true;
  }
}
