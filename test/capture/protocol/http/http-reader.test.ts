import { expect, test } from 'vitest';
import { Exchange } from '../../../../harness/capture/protocol/exchange.ts';
import { HttpReader } from '../../../../harness/capture/protocol/http/http-reader.ts';

const HEAD = Buffer.from('GET / HTTP/1.1\r\nHost: t.test\r\n\r\n');

test('a head is whole with the last byte of its empty line, however its bytes come', () => {
  const reader = new HttpReader(true, new Exchange());
  for (let length = 1; length < HEAD.length; length += 1)
    expect(reader.step(HEAD.subarray(0, length))).toEqual({ kind: 'more' });
  expect(reader.step(HEAD)).toMatchObject({ kind: 'head', head: { firstLine: 'GET / HTTP/1.1', bytes: HEAD.length } });
  expect(reader.step(HEAD)).toMatchObject({ kind: 'head', head: { bytes: HEAD.length } });
});

test('what has been searched for the end of a head is not searched again', () => {
  const reader = new HttpReader(true, new Exchange());
  const bytes = Buffer.from(`GET / HTTP/1.1\r\nA: ${'a'.repeat(1000)}`);
  reader.step(bytes);
  // An end where there was none: whoever looks there again finds it.
  bytes.write('\r\n\r\n', 20);
  expect(reader.step(bytes)).toEqual({ kind: 'more' });
});
