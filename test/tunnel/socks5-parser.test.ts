import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Socks5Parser, type SocksStep } from '../../harness/tunnel/socks5-parser.ts';
import { containing } from './support/containing.ts';

const credentials = { user: 'user', password: 'secret' };
const GREETING = Buffer.of(5, 1, 0);
const GREETING_WITH_PASSWORD = Buffer.of(5, 2, 0, 2);
const AUTHENTICATION = Buffer.concat([Buffer.of(1, 4), Buffer.from('user'), Buffer.of(6), Buffer.from('secret')]);
const IPV4 = Buffer.of(5, 1, 0, 1, 127, 0, 0, 1, 0, 80);
const NAME = Buffer.concat([Buffer.of(5, 1, 0, 3, 4), Buffer.from('t.cn'), Buffer.of(0, 80)]);
const IPV6 = Buffer.concat([Buffer.of(5, 1, 0, 4), Buffer.alloc(15), Buffer.of(1), Buffer.of(0x1f, 0x90)]);

/** The whole handshake in one push. */
function parse(bytes: Uint8Array, withPassword = false): SocksStep {
  return new Socks5Parser(withPassword ? credentials : null).push(bytes);
}

function refusal(bytes: Uint8Array, withPassword = false): { code: string; lastWords: number[]; message: string } {
  const step = parse(bytes, withPassword);
  if (step.kind !== 'refused') throw new Error(`Expected a refusal, got ${step.kind}`);
  const { code, lastWords, message } = step.error;
  return { code, lastWords: [...lastWords], message };
}

test.each([
  ['an IPv4 address', IPV4, { host: '127.0.0.1', port: 80 }],
  ['a name', NAME, { host: 't.cn', port: 80 }],
  ['an IPv6 address', IPV6, { host: '::1', port: 8080 }],
])('CONNECT to %s', (_, request, target) => {
  expect(parse(Buffer.concat([GREETING, request]))).toMatchObject({ kind: 'connect', target, reply: Buffer.of(5, 0) });
});

describe('cut anywhere', () => {
  const handshake = Buffer.concat([GREETING_WITH_PASSWORD, AUTHENTICATION, NAME, Buffer.from('early')]);
  const early = handshake.length - 'early'.length;

  test.each(Array.from({ length: handshake.length + 1 }, (_, at) => at))('in two at %i it comes out the same', (at) => {
    const parser = new Socks5Parser(credentials);
    const first = parser.push(handshake.subarray(0, at));
    const last = first.kind === 'more' ? parser.push(handshake.subarray(at)) : first;
    if (last.kind !== 'connect') throw new Error(`Expected connect, got ${last.kind}`);
    expect(last.target).toEqual({ host: 't.cn', port: 80 });
    // Once it is done it takes no more: what was pushed with the last byte of the request is early, nothing else.
    const rest = first.kind === 'more' ? last.early : Buffer.concat([last.early, handshake.subarray(at)]);
    expect(rest.toString()).toBe('early');
    const replies = first.kind === 'more' ? Buffer.concat([first.reply, last.reply]) : last.reply;
    expect([...replies]).toEqual([5, 2, 1, 0]);
  });

  test('into single bytes it comes out the same', () => {
    const parser = new Socks5Parser(credentials);
    const steps = [...handshake.subarray(0, early)].map((byte) => parser.push(Buffer.of(byte)));
    expect(steps.slice(0, -1).every(({ kind }) => kind === 'more')).toBe(true);
    expect(steps.at(-1)).toMatchObject({ kind: 'connect', target: { host: 't.cn', port: 80 } });
  });
});

describe('refused in its own words', () => {
  const noMethod = [5, 0xff];
  const failed = (code: number): number[] => [5, 0, 5, code, 0, 1, 0, 0, 0, 0, 0, 0];

  test.each([
    ['SOCKS4', Buffer.of(4, 1, 0, 80, 127, 0, 0, 1, 0), 'SOCKS_VERSION_UNSUPPORTED', noMethod, 'got 4 (SOCKS4)'],
    ['HTTP', Buffer.from('GET / HTTP/1.1'), 'SOCKS_VERSION_UNSUPPORTED', noMethod, 'perhaps an HTTP request'],
    ['no methods', Buffer.of(5, 0), 'SOCKS_METHOD_UNSUPPORTED', noMethod, 'got none'],
    ['GSSAPI alone', Buffer.of(5, 1, 1), 'SOCKS_METHOD_UNSUPPORTED', noMethod, 'method 0 among those offered, got 1'],
    ['BIND', bind(2), 'SOCKS_COMMAND_UNSUPPORTED', failed(7), 'got BIND (2)'],
    ['UDP ASSOCIATE', bind(3), 'SOCKS_COMMAND_UNSUPPORTED', failed(7), 'got UDP ASSOCIATE (3)'],
    ['an unknown command', bind(9), 'SOCKS_COMMAND_UNSUPPORTED', failed(7), 'got 9'],
    ['an unknown address type', request(5, 1, 0, 2), 'SOCKS_ADDRESS_TYPE_UNSUPPORTED', failed(8), 'got 2'],
    ['a request of version 4', request(4, 1, 0, 1), 'SOCKS_VERSION_UNSUPPORTED', failed(1), 'a request of version 5'],
    ['port 0', request(5, 1, 0, 1, 127, 0, 0, 1, 0, 0), 'SOCKS_TARGET_INVALID', failed(1), 'a port from 1'],
    ['an empty name', request(5, 1, 0, 3, 0, 0, 80), 'SOCKS_TARGET_INVALID', failed(1), 'a name or an address'],
    ['a name with a space', request(5, 1, 0, 3, 1, 32, 0, 80), 'SOCKS_TARGET_INVALID', failed(1), 'a name'],
    ['a name with a line end', request(5, 1, 0, 3, 1, 10, 0, 80), 'SOCKS_TARGET_INVALID', failed(1), 'got "?"'],
  ] as const)('%s', (_, bytes, code, lastWords, message) => {
    expect(refusal(bytes)).toEqual({ code, lastWords, message: containing(message) });
  });

  test('a client that offers no password where one is wanted', () => {
    expect(refusal(GREETING, true)).toMatchObject({ code: 'SOCKS_METHOD_UNSUPPORTED', lastWords: noMethod });
  });

  test.each([
    ['a wrong password', Buffer.from('\x01\x04user\x06wrong!')],
    ['a wrong user', Buffer.from('\x01\x04admi\x06secret')],
    ['an empty user and password', Buffer.of(1, 0, 0)],
    ['another version of the authentication', Buffer.from('\x05\x04user\x06secret')],
  ])('%s', (_, authentication) => {
    const bytes = Buffer.concat([GREETING_WITH_PASSWORD, authentication]);
    expect(refusal(bytes, true)).toMatchObject({ code: 'SOCKS_AUTH_FAILED', lastWords: [5, 2, 1, 1] });
  });

  function bind(command: number): Buffer {
    return request(5, command, 0, 1, 127, 0, 0, 1, 0, 80);
  }

  function request(...bytes: number[]): Buffer {
    return Buffer.concat([GREETING, Buffer.from(bytes)]);
  }
});

/** How a handshake comes out when it is pushed in pieces of `pieceBytes`: everything that may not depend on that. */
function outcome(handshake: Buffer, pieceBytes: number, withPassword: boolean): string {
  const parser = new Socks5Parser(withPassword ? credentials : null);
  const replies: Buffer[] = [];
  for (let at = 0; at < handshake.length; at += pieceBytes) {
    const step = parser.push(handshake.subarray(at, at + pieceBytes));
    replies.push(step.kind === 'refused' ? step.error.lastWords : step.reply);
    if (step.kind === 'more') continue;
    const consumed = Math.min(at + pieceBytes, handshake.length) - (step.kind === 'connect' ? step.early.length : 0);
    const what = step.kind === 'connect' ? `${step.target.host} ${step.target.port} ${consumed}` : step.error.message;
    return `${step.kind} ${what} ${Buffer.concat(replies).toString('hex')}`;
  }
  return `more ${Buffer.concat(replies).toString('hex')}`;
}

test('whatever comes, it comes out the same in whatever pieces, and is decided within a bound', () => {
  const likely = fc.constantFrom<Uint8Array>(GREETING, GREETING_WITH_PASSWORD, AUTHENTICATION, IPV4, NAME, IPV6);
  const parts = fc.array(fc.oneof(likely, fc.uint8Array({ maxLength: 600 })), { maxLength: 6 });
  const property = fc.property(parts, fc.integer({ min: 1, max: 300 }), fc.boolean(), (parts, pieceBytes, asks) => {
    const handshake = Buffer.concat(parts);
    const whole = outcome(handshake, handshake.length + 1, asks);
    // A greeting, an authentication and a request at their longest do not stay undecided.
    const decided = handshake.length < 257 + 513 + 262 || !whole.startsWith('more');
    return decided && outcome(handshake, pieceBytes, asks) === whole && outcome(handshake, 1, asks) === whole;
  });
  const result = fc.check(property, { numRuns: 1000 });
  expect(result.failed ? fc.defaultReportMessage(result) : 'holds').toBe('holds');
});
