import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Opcode } from '../../../harness/faults/websocket/wire/frame.ts';
import { found, foundMidway, GRANTED, a, b, masked, plain, REQUEST, type Said } from '../support/websocket-talk.ts';

/**
 * After a gap, what looks like a frame may by chance be none: one time in some thousands. So chance is the same in each run.
 */
const SEED = 20_261_125;

/** A message whose bytes tell which one it is. */
const content = (index: number, length: number): Buffer => Buffer.alloc(length, Buffer.from(`${index}|`));

const talk = fc.record({
  messages: fc.array(
    fc.record({
      isClient: fc.boolean(),
      isText: fc.boolean(),
      length: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 2000 })),
      fragments: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 3, maxLength: 25 },
  ),
  segmentBytes: fc.integer({ min: 20, max: 1460 }),
  lost: fc.array(fc.nat(60), { maxLength: 6 }),
});

type Talk = typeof talk extends fc.Arbitrary<infer T> ? T : never;

function framesOf({ isClient, isText, length, fragments }: Talk['messages'][number], index: number): Said[] {
  const payload = content(index, length);
  const step = Math.max(1, Math.ceil(length / fragments));
  const count = Math.ceil(length / step);
  return Array.from({ length: count }, (_, at) => {
    const opcode = at > 0 ? Opcode.CONTINUATION : isText ? Opcode.TEXT : Opcode.BINARY;
    const part = payload.subarray(at * step, (at + 1) * step);
    const fin = at === count - 1;
    return isClient ? a(masked(opcode, part, { fin })) : b(plain(opcode, part, { fin }));
  });
}

function segmentsOf({ messages, segmentBytes, lost }: Talk): Said[] {
  return messages.flatMap(framesOf).flatMap(({ who, bytes }, frame) =>
    Array.from({ length: Math.ceil(bytes.length / segmentBytes) }, (_, at) => ({
      who,
      bytes: bytes.subarray(at * segmentBytes, (at + 1) * segmentBytes),
      lost: lost.includes((frame * 7 + at) % 61),
    })),
  );
}

/** Whether there is a payload that was not sent by that side, or was sent once and is there twice, or too late. */
function isMadeUp(found: { messages: readonly [readonly Shown[], readonly Shown[]] }, { messages }: Talk): boolean {
  for (const direction of [0, 1] as const) {
    const sent = messages
      .map((message, index) => ({ ...message, payload: content(index, message.length).toString() }))
      .filter(({ isClient }) => isClient === (direction === 0))
      .map(({ payload }) => payload);
    let from = 0;
    for (const { payload } of found.messages[direction]) {
      if (payload === null) continue;
      const at = sent.indexOf(Buffer.from(payload).toString(), from);
      if (at === -1) return true;
      from = at + 1;
    }
  }
  return false;
}

interface Shown {
  readonly payload: Uint8Array | null;
}

test('whatever is lost, no message is made up', async () => {
  await fc.assert(
    fc.asyncProperty(talk, async (one) => {
      expect(isMadeUp(await found([a(REQUEST), b(GRANTED), ...segmentsOf(one)]), one)).toBe(false);
    }),
    { numRuns: 300, seed: SEED },
  );
});

test('nor where the capture begins in the middle', async () => {
  await fc.assert(
    fc.asyncProperty(talk, fc.nat(20), async (one, skipped) => {
      expect(isMadeUp(await foundMidway(segmentsOf(one).slice(skipped)), one)).toBe(false);
    }),
    { numRuns: 300, seed: SEED },
  );
});

test('without loss, every message is there', async () => {
  await fc.assert(
    fc.asyncProperty(talk, async (one) => {
      const { messages } = await found([a(REQUEST), b(GRANTED), ...segmentsOf({ ...one, lost: [] })]);
      const expected = one.messages.map(({ isClient, length }, index) => ({
        isClient,
        text: String(content(index, length)),
      }));
      for (const direction of [0, 1] as const) {
        const mine = expected.filter(({ isClient }) => isClient === (direction === 0));
        expect(messages[direction].map(({ payload }) => String(payload))).toEqual(mine.map(({ text }) => text));
      }
    }),
    { numRuns: 100 },
  );
});
