import { expect, test } from 'vitest';
import { MAX_SIDE_GAPS } from '../../../harness/capture/report/flow-record.ts';
import { FlowSurvey, isOver } from '../../../harness/capture/report/flow-survey.ts';
import { readConversations } from '../../../harness/capture/report/read-conversations.ts';
import { textBeginning } from '../../../harness/capture/report/text-beginning.ts';
import { ipv4, opening, pcapOf } from '../support/packets.ts';
import { pieces } from '../support/follow.ts';

async function survey(packets: readonly Buffer[], options?: Parameters<typeof pcapOf>[1]): Promise<FlowSurvey> {
  const found = new FlowSurvey({ showsText: false, timeLineOf: () => null });
  const bytes = pieces(pcapOf(packets, options), 65_536);
  const nothing = { packet: () => undefined, note: () => undefined, other: () => undefined };
  const { signal } = new AbortController();
  const { error } = await readConversations({ name: 'a.pcap', bytes, signal }, found, nothing);
  expect(error).toBeNull();
  return found;
}

/** A capture cut by its snap length has a gap in each packet. */
test('of more gaps than are kept, all are counted', async () => {
  const count = MAX_SIDE_GAPS + 10;
  const packets = Array.from({ length: count }, (_, index) =>
    ipv4({ from: 'a', offset: index * 20, bytes: Buffer.alloc(20, 1) }),
  );
  const { flows } = await survey([...opening(), ...packets], { snapBytes: 50 });
  const [a] = flows[0]?.sides ?? [];
  expect(a?.gaps).toHaveLength(MAX_SIDE_GAPS);
  expect(a).toMatchObject({ gapCount: count, gapBytes: count * 10, bytes: count * 20 });
});

test('a connection is over when both sides have ended, as far as they are there, or one has reset it', async () => {
  const [syn = Buffer.alloc(0), answer = Buffer.alloc(0), ack = Buffer.alloc(0)] = opening();
  const over = async (...packets: Buffer[]): Promise<boolean> => {
    const { flows } = await survey(packets);
    const [flow] = flows;
    if (flow === undefined) throw new Error('No flow');
    return isOver(flow);
  };
  const fin = ipv4({ from: 'a', offset: 0, flags: 1 });
  const otherFin = ipv4({ from: 'b', offset: 0, flags: 1, ack: 1 });
  expect(await over(syn, answer, ack)).toBe(false);
  expect(await over(syn, answer, ack, fin)).toBe(false);
  expect(await over(syn, answer, ack, fin, otherFin)).toBe(true);
  expect(await over(syn, answer, ack, ipv4({ from: 'b', offset: 0, flags: 4 }))).toBe(true);
  // Nobody captured what b said.
  expect(await over(syn, ack, fin)).toBe(true);
});

test.each([
  ['hello', 'hello'],
  ['two\r\nlines\tand a tab', 'two lines and a tab'],
  ['ü'.repeat(200), `${'ü'.repeat(59)}…`],
  ['\u001b[31mred', null],
  ['', null],
])('the beginning of %j is %j', (text, beginning) => {
  expect(textBeginning(Buffer.from(text))).toBe(beginning);
});

test('bytes that are no UTF-8 have no beginning', () => {
  expect(textBeginning(Uint8Array.of(0xff, 0xfe, 0x41))).toBeNull();
  // A character that the end has cut in two.
  expect(textBeginning(Buffer.from(`x${'€'.repeat(100)}`))).toBe(`x${'€'.repeat(58)}…`);
});
