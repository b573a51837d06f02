import type { FlowDirection, TcpFlow } from '../tcp-flow.ts';
import type { TcpSegment } from '../tcp-segment.ts';
import { ConnectionEnds } from './connection-ends.ts';
import { formatEndpoint } from './format-endpoint.ts';
import { HalfStream, type HalfShared } from './half-stream.ts';

/** What the first segment of a connection says of it. */
export interface ConnectionBeginning {
  readonly id: number;
  readonly began: 'handshake' | 'midway';
  readonly segment: TcpSegment;
  /** Whether the segment is the client's. */
  readonly isFromClient: boolean;
  /** Where it stands in the table. */
  readonly key: string;
  /** What address and port of the segment's sender are in keys. */
  readonly senderKey: string;
  /** Whether its two ends are one. */
  readonly isSelf: boolean;
}

/** A connection that is followed. */
export class Connection implements TcpFlow {
  readonly id: number;
  client: string;
  server: string;
  readonly began: 'handshake' | 'midway';
  sides: readonly [HalfStream, HalfStream];
  readonly firstPacket: number;
  latestPacket: number;
  readonly key: string;
  readonly isSelf: boolean;
  isClosed = false;
  /** Whether there has been payload in either direction. */
  hasSpoken = false;
  readonly #senderKey: string;
  #isSenderClient: boolean;
  readonly #ends: ConnectionEnds;

  constructor({ id, began, segment, isFromClient, key, senderKey, isSelf }: ConnectionBeginning, shared: HalfShared) {
    const source = formatEndpoint(segment.bytes, segment.sourceAt, segment.ipVersion, segment.sourcePort);
    const target = formatEndpoint(segment.bytes, segment.destinationAt, segment.ipVersion, segment.destinationPort);
    this.id = id;
    this.client = isFromClient ? source : target;
    this.server = isFromClient ? target : source;
    this.began = began;
    this.firstPacket = segment.packet.number;
    this.latestPacket = segment.packet.number;
    this.key = key;
    this.isSelf = isSelf;
    this.#senderKey = senderKey;
    this.#isSenderClient = isFromClient;
    this.#ends = new ConnectionEnds(segment);
    this.sides = [new HalfStream(this, 0, shared), new HalfStream(this, 1, shared)];
  }

  /** Null: it is a segment of another connection. */
  directionOf(segment: TcpSegment): FlowDirection | null {
    const isFromSender = this.#ends.isFromSender(segment);
    return isFromSender === null ? null : this.#direction(isFromSender);
  }

  /** Of what comes from the end with this key. */
  directionFrom(endKey: string): FlowDirection {
    return this.#direction(endKey === this.#senderKey);
  }

  /** Who was taken for the client is the server. Only before there is anything that has a direction. */
  swap(): void {
    const [client, server] = [this.server, this.client];
    this.client = client;
    this.server = server;
    this.#isSenderClient = !this.#isSenderClient;
    const [a, b] = this.sides;
    a.direction = 1;
    b.direction = 0;
    this.sides = [b, a];
  }

  #direction(isFromSender: boolean): FlowDirection {
    return isFromSender === this.#isSenderClient ? 0 : 1;
  }
}
