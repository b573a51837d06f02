import type { CapturedPacket } from '../../../harness/capture/captured-packet.ts';
import { SegmentReader } from '../../../harness/capture/packet/segment-reader.ts';
import { newPacket } from '../../../harness/capture/read/new-packet.ts';
import { formatEndpoint } from '../../../harness/capture/tcp/format-endpoint.ts';
import type { TcpSegment } from '../../../harness/capture/tcp-segment.ts';

/** What stands in one packet, in words and numbers. */
export interface SegmentText {
  /** `192.0.2.1:40000 > 198.51.100.7:8080`. */
  readonly ends: string;
  readonly payload: string;
  /** On the wire. */
  readonly payloadBytes: number;
}

export interface PacketPlace {
  readonly linkType?: number;
  /** Bytes on the wire that were not captured. */
  readonly cutBytes?: number;
  readonly seconds?: number;
}

/** Reads packets one after another, with other bytes before and behind each in memory. */
export class Segments {
  /** Each a segment, or why there is none. */
  readonly found: (SegmentText | string)[] = [];
  readonly #reader = new SegmentReader({
    segment: (segment) => {
      this.found.push(textOf(segment));
    },
    other: (_packet, why) => {
      this.found.push(why);
    },
  });

  packet(bytes: Uint8Array, { linkType = 101, cutBytes = 0, seconds = 0 }: PacketPlace = {}): this {
    const packet: CapturedPacket = {
      ...newPacket(),
      linkType,
      seconds,
      bytes: Buffer.concat([Buffer.alloc(5, 0xee), bytes, Buffer.alloc(64, 0xee)]),
      start: 5,
      end: 5 + bytes.length,
      wireBytes: bytes.length + cutBytes,
    };
    this.#reader.packet(packet);
    return this;
  }
}

function textOf(segment: TcpSegment): SegmentText {
  const { bytes, ipVersion, sourceAt, destinationAt, sourcePort, destinationPort } = segment;
  const source = formatEndpoint(bytes, sourceAt, ipVersion, sourcePort);
  const payload = Buffer.from(bytes.subarray(segment.payloadStart, segment.payloadEnd)).toString('latin1');
  const ends = `${source} > ${formatEndpoint(bytes, destinationAt, ipVersion, destinationPort)}`;
  return { ends, payload, payloadBytes: segment.payloadBytes };
}
