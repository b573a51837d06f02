import { expect, test } from 'vitest';
import { decodeMessage, encodeAbort, encodeData, encodeEnd, MAX_REASON_BYTES } from '../../harness/tunnel/message.ts';
import { containing } from './support/containing.ts';

test('a data message is one byte of kind and a copy of the payload', () => {
  const source = Buffer.from('abcdef');
  const message = encodeData(source, 1, 4);
  source.fill(0);
  expect(message).toEqual(Buffer.from('\0bcd'));
  expect(decodeMessage(message, true)).toEqual({ kind: 'data', bytes: message });
});

test('an end message is its kind alone', () => {
  expect(encodeEnd()).toEqual(Buffer.of(1));
  expect(decodeMessage(encodeEnd(), true)).toEqual({ kind: 'end' });
});

test('an abort carries its reason', () => {
  expect(decodeMessage(encodeAbort('read ECONNRESET'), true)).toEqual({ kind: 'abort', reason: 'read ECONNRESET' });
  expect(decodeMessage(Buffer.of(2), true)).toEqual({ kind: 'abort', reason: '' });
});

test('a reason that is too long is cut between two characters', () => {
  const message = encodeAbort(`${'x'.repeat(MAX_REASON_BYTES - 1)}é`);
  expect(message.length).toBe(MAX_REASON_BYTES);
  expect(message.at(-1)).toBe(0x78);
});

test('a reason cannot steer a terminal', () => {
  expect(decodeMessage(encodeAbort('\u001b[2Jé\n'), true)).toEqual({ kind: 'abort', reason: '?[2J??' });
});

test.each([
  ['a text message', Buffer.of(0, 1), false, 'expected a binary message, got a text message'],
  ['an empty message', Buffer.alloc(0), true, 'expected a byte of kind, got an empty message'],
  ['data without payload', Buffer.of(0), true, 'expected a payload of at least 1 byte, got none'],
  ['an end with payload', Buffer.of(1, 0), true, 'expected an end message of 1 byte, got 2'],
  ['an unknown kind', Buffer.of(3), true, 'expected kind 0, 1 or 2, got 3'],
  ['too long a reason', Buffer.alloc(514, 2), true, 'expected a reason of at most 512 bytes, got 513'],
] as const)('%s is refused', (_, bytes, isBinary, expected) => {
  expect(() => decodeMessage(bytes, isBinary)).toThrow(
    expect.objectContaining({ code: 'TUNNEL_MESSAGE_INVALID', message: containing(expected) }),
  );
});

test('a message in pieces, or as an ArrayBuffer, is the same message', () => {
  const bytes = Buffer.of(0, 1, 2);
  expect(decodeMessage([Buffer.of(0), Buffer.of(1, 2)], true)).toEqual({ kind: 'data', bytes });
  expect(decodeMessage(Uint8Array.of(0, 1, 2).buffer, true)).toEqual({ kind: 'data', bytes });
});
