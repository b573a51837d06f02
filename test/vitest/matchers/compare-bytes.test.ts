import { expect, test } from 'vitest';
import { compareBytes } from '../../../harness/vitest/matchers/compare-bytes.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('the same bytes do not differ', () => {
  expect(compareBytes(bytes('GET / HTTP/1.1'), bytes('GET / HTTP/1.1'))).toBeNull();
  expect(compareBytes(bytes(''), bytes(''))).toBeNull();
});

test('the first byte that differs is named, with what is around it on both sides', () => {
  expect(compareBytes(bytes('GET / HTTP/1.1\r\nHost: t.cn'), bytes('GET / HTTP/1.0\r\nHost: t.cn'))).toBe(
    String.raw`they part at byte 13 of 26: expected …"ET / HTTP/1.1\r\nHost: t.cn", got …"ET / HTTP/1.0\r\nHost: t.cn"`,
  );
});

test('what is missing at the end, and what is too much, is shown', () => {
  expect(compareBytes(bytes('hello'), bytes('hel'))).toBe(
    'they end at byte 3 (5 expected, 3 delivered), and "hello" is missing',
  );
  expect(compareBytes(bytes('hel'), bytes('hello'))).toBe(
    'they go on at byte 3 (3 expected, 5 delivered), with "hello"',
  );
});

test('what is no text is shown in hex', () => {
  expect(compareBytes(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 9, 3))).toBe(
    'they part at byte 1 of 3: expected 010203, got 010903',
  );
});

test('of megabytes no more is shown than of a line', () => {
  const [expected, got] = [Buffer.alloc(1 << 20, 'a'), Buffer.alloc(1 << 20, 'a')];
  got[1 << 19] = 98;
  expect(compareBytes(expected, got)).toBe(
    `they part at byte 524288 of 1048576: expected …"${'a'.repeat(36)}"…, got …"${'a'.repeat(12)}b${'a'.repeat(23)}"…`,
  );
});
