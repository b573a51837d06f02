import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MessageBuffer } from '../../../../harness/capture/protocol/websocket/message-buffer.ts';

const MASK = [0x12, 0xa4, 0x00, 0xff] as const;
const MASK_NUMBER = 0x12a400ff;

test('a message comes out without its mask, however it was cut, wherever its pieces lie', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.nat(300), { maxLength: 4 }),
      fc.nat(9),
      (clear, cuts, shift) => {
        const memory = new Uint8Array(shift + clear.length);
        for (const [at, byte] of clear.entries()) memory[shift + at] = byte ^ (MASK[at % 4] ?? 0);
        const message = new MessageBuffer();
        const places = [0, ...cuts.map((cut) => Math.min(cut, clear.length)).toSorted((x, y) => x - y), clear.length];
        for (const [index, end] of places.slice(1).entries()) {
          const start = places[index] ?? 0;
          message.add(memory, shift + start, shift + end, MASK_NUMBER, start, clear.length - start);
        }
        expect([...message.take()]).toEqual([...clear]);
        expect(message.length).toBe(0);
      },
    ),
  );
});

test('what was taken stays as it is until another message is begun', () => {
  const [one, other] = [new MessageBuffer(), new MessageBuffer()];
  one.add(Buffer.from('first'), 0, 5, 0, 0, 5);
  other.add(Buffer.from('second'), 0, 6, 0, 0, 6);
  const first = one.take();
  other.add(Buffer.from(' time'), 0, 5, 0, 0, 5);
  expect(Buffer.from(first).toString()).toBe('first');
  expect(Buffer.from(other.take()).toString()).toBe('second time');
});
