import { expect, test } from 'vitest';
import { SegmentReader } from '../../../harness/capture/packet/segment-reader.ts';
import { readCapture } from '../../../harness/capture/read/read-capture.ts';
import type { FlowSink, TcpFlow } from '../../../harness/capture/tcp-flow.ts';
import { FlowTable } from '../../../harness/capture/tcp/flow-table.ts';
import { pcapOf } from '../support/packets.ts';
import { handshake, said, TALK, type TcpTalk } from '../support/tcp-packet.ts';

const FLOWS = 100_000;
const AT_ONCE = 1000;

function talk(index: number): TcpTalk {
  const address = [10, index >> 16, (index >> 8) & 0xff, index & 0xff];
  return { a: { ...TALK.a, address, isn: index }, b: TALK.b };
}

/** One that speaks now and then, among many that open and fall silent. */
async function* capture(): AsyncGenerator<Uint8Array> {
  const steady = talk(FLOWS + 1);
  yield pcapOf(handshake(steady));
  for (let from = 0; from < FLOWS; from += AT_ONCE) {
    const packets = Array.from({ length: AT_ONCE }, (_, index) => {
      const one = talk(from + index);
      return [...handshake(one), said('a', 0, 'x', { talk: one }), said('a', 5, 'waits', { talk: one })];
    }).flat();
    packets.push(said('a', from / AT_ONCE, '.', { talk: steady }));
    yield pcapOf(packets).subarray(24);
    await Promise.resolve();
  }
}

test('of 100,000 open connections the silent ones give way, and the one that speaks stays', async () => {
  let [open, mostOpen, opened, closed] = [0, 0, 0, 0];
  let spoken = '';
  const sink: FlowSink = {
    opened: () => {
      opened += 1;
      open += 1;
      mostOpen = Math.max(mostOpen, open);
    },
    data: ({ client }: TcpFlow, _direction, bytes, start, end) => {
      if (client === '10.1.134.161:40000') spoken += Buffer.from(bytes.subarray(start, end)).toString();
    },
    gap: () => undefined,
    ended: () => undefined,
    closed: () => {
      open -= 1;
      closed += 1;
    },
  };
  const table = new FlowTable(sink);
  await readCapture(capture(), new SegmentReader(table));
  table.end();
  expect([opened, closed]).toEqual([FLOWS + 1, FLOWS + 1]);
  expect(mostOpen).toBeLessThanOrEqual(32_768);
  expect(table.evictions).toBeGreaterThan(67_000);
  expect(spoken).toBe('.'.repeat(100));
});
