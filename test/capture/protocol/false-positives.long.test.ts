import { expect, test } from 'vitest';
import { ConversationDecoder } from '../../../harness/capture/protocol/conversation-decoder.ts';
import { newPacket } from '../../../harness/capture/read/new-packet.ts';
import type { FlowDirection, TcpFlow } from '../../../harness/capture/tcp-flow.ts';
import { Random } from '../support/random.ts';

const STREAMS = 100_000;

/** What protocols the decoder finds in both directions of a connection, given segment by segment. */
class Listener {
  readonly names = new Map<string, number>();
  readonly #decoder: ConversationDecoder;

  constructor() {
    const nothing = (): undefined => undefined;
    this.#decoder = new ConversationDecoder({
      wantsPayload: false,
      opened: nothing,
      protocol: (_flow, name) => {
        this.names.set(name, (this.names.get(name) ?? 0) + 1);
      },
      step: nothing,
      frame: nothing,
      message: nothing,
      close: nothing,
      data: nothing,
      undecodable: nothing,
      gap: nothing,
      ended: nothing,
      closed: nothing,
    });
  }

  hear(
    began: TcpFlow['began'],
    segments: readonly { readonly direction: FlowDirection; readonly bytes: Buffer }[],
  ): void {
    const side = {
      streamBytes: 0,
      acknowledgedBytes: 0,
      retransmissions: 0,
      outOfOrder: 0,
      duplicates: 0,
      keepAlives: 0,
      conflicts: 0,
      packets: 1,
      end: null,
    };
    const flow: TcpFlow = { id: 1, client: 'c', server: 's', began, sides: [side, side], firstPacket: 1 };
    const packet = newPacket();
    this.#decoder.opened(flow, packet);
    for (const { direction, bytes } of segments) this.#decoder.data(flow, direction, bytes, 0, bytes.length, packet);
    this.#decoder.closed(flow);
  }
}

/** Segments of all sizes: a byte or two, some lines, or full ones. */
function segments(random: Random, sides: readonly FlowDirection[]) {
  return Array.from({ length: 1 + random.below(6) }, () => {
    const bytes = Buffer.alloc(1 + random.below([4, 40, 600][random.below(3)] ?? 4));
    random.fill(bytes);
    return { direction: sides[random.below(sides.length)] ?? 0, bytes };
  });
}

test.each([
  ['handshake', [0, 1]],
  ['handshake', [1]],
  ['midway', [0, 1]],
  ['midway', [0]],
] as const)(
  'of 100,000 random streams, begun with a %s, of the sides %j, none is taken for anything',
  (began, sides) => {
    const random = new Random(20_261_125);
    const listener = new Listener();
    for (let count = 0; count < STREAMS; count += 1) listener.hear(began, segments(random, sides));
    expect([...listener.names]).toEqual([]);
  },
);
