import { describe, expect, test } from 'vitest';
import { ipv6 } from '../support/fragments.ts';
import { ethernet } from '../support/links.ts';
import { ipv4 } from '../support/packets.ts';
import { Segments, type PacketPlace } from '../support/segments.ts';

const HELLO = Buffer.from('hello');
const IPV4 = ipv4({ from: 'a', offset: 0, bytes: HELLO });
const IPV6 = ipv6(IPV4);
const ENDS = '192.0.2.1:40000 > 198.51.100.7:8080';
const FOUND = { ends: ENDS, payload: 'hello', payloadBytes: 5 };
const FOUND6 = { ...FOUND, ends: '[2001:db8::1]:40000 > [2001:db8::2]:8080' };

function read(bytes: Uint8Array, place?: PacketPlace): unknown {
  return new Segments().packet(bytes, place).found[0];
}

/** A copy with other bytes at this place. */
function patched(packet: Buffer, at: number, hex: string): Buffer {
  const copy = Buffer.from(packet);
  copy.set(Buffer.from(hex, 'hex'), at);
  return copy;
}

describe('the segment ends where IP says', () => {
  test('not where the padding of a short Ethernet frame does', () => {
    expect(read(Buffer.concat([ethernet(IPV4), Buffer.alloc(6)]), { linkType: 1 })).toEqual(FOUND);
    expect(read(Buffer.concat([ethernet(IPV6), Buffer.alloc(4, 1)]), { linkType: 1 })).toEqual(FOUND6);
  });

  test('at the end of the packet if segmentation offload has left the length at 0', () => {
    expect(read(patched(IPV4, 2, '0000'))).toEqual(FOUND);
    expect(read(patched(IPV6, 4, '0000'))).toEqual(FOUND6);
    expect(read(patched(IPV4, 2, '0000').subarray(0, -2), { cutBytes: 2 })).toEqual({ ...FOUND, payload: 'hel' });
  });
});

describe('what the snap length has cut', () => {
  test.each([
    ['the payload', 43, 'hel'],
    ['all of the payload', 40, ''],
  ])('of %s is known by its length', (_, length, payload) => {
    expect(read(IPV4.subarray(0, length), { cutBytes: 45 - length })).toEqual({ ...FOUND, payload });
    const length6 = length + 20;
    expect(read(IPV6.subarray(0, length6), { cutBytes: 65 - length6 })).toEqual({ ...FOUND6, payload });
  });

  test('in the options of TCP leaves ports, numbers and the length', () => {
    const withOptions = Buffer.concat([patched(IPV4, 2, '0039').subarray(0, 40), Buffer.alloc(12, 1), HELLO]);
    const longer = patched(withOptions, 32, '80');
    expect(read(longer.subarray(0, 46), { cutBytes: 11 })).toEqual({ ...FOUND, payload: '' });
    expect(read(longer)).toEqual(FOUND);
  });

  test.each([
    ['IPv4', IPV4.subarray(0, 19), 'IPv4 header cut'],
    ['the options of IPv4', patched(IPV4, 0, '4f').subarray(0, 45), 'TCP header cut'],
    ['TCP', IPV4.subarray(0, 39), 'TCP header cut'],
    ['IPv6', IPV6.subarray(0, 39), 'IPv6 header cut'],
    ['TCP over IPv6', IPV6.subarray(0, 59), 'TCP header cut'],
    ['extension headers', ipv6(IPV4, true).subarray(0, 45), 'IPv6 extension headers cut'],
  ])('in the header of %s is told', (_, bytes, why) => {
    expect(read(bytes, { cutBytes: 100 })).toBe(why);
  });
});

test('the options of IPv4 are stepped over', () => {
  const withOptions = Buffer.concat([IPV4.subarray(0, 20), Buffer.from('01010100', 'hex'), IPV4.subarray(20)]);
  expect(read(patched(patched(withOptions, 0, '46'), 2, '0031'))).toEqual(FOUND);
});

test.each([
  ['a header of IPv4 that is too short', patched(IPV4, 0, '44'), 'IPv4 header wrong'],
  ['a header of TCP that is too short', patched(IPV4, 32, '40'), 'TCP header wrong'],
  ['a header of TCP that is longer than the packet', patched(IPV4, 32, 'f0'), 'TCP header wrong'],
  ['a length of IPv4 that has no room for its header', patched(IPV4, 2, '0005'), 'TCP header cut'],
  ['UDP', patched(IPV4, 9, '11'), 'UDP'],
  ['ICMP', patched(IPV4, 9, '01'), 'ICMP'],
  ['GRE', patched(IPV4, 9, '2f'), 'IP protocol 47'],
  ['ICMPv6', patched(IPV6, 6, '3a'), 'ICMPv6'],
  ['ESP', patched(IPV6, 6, '32'), 'IP protocol 50'],
])('%s is told', (_, bytes, why) => {
  expect(read(bytes)).toBe(why);
});

describe('extension headers of IPv6', () => {
  test('are stepped over', () => {
    expect(read(ipv6(IPV4, true))).toEqual(FOUND6);
  });

  /** RFC 4302: its length is in units of 4 bytes, less 2. */
  test('of authentication have lengths of their own', () => {
    const authentication = Buffer.from(`06040000${'00'.repeat(20)}`, 'hex');
    const whole = Buffer.concat([IPV6.subarray(0, 40), authentication, IPV6.subarray(40)]);
    expect(read(patched(patched(whole, 4, '0031'), 6, '33'))).toEqual(FOUND6);
  });

  test('are too many at seventeen', () => {
    const many = (count: number): Buffer => {
      const headers = Array.from({ length: count }, (_, n) => (n === count - 1 ? '06' : '00') + '00'.repeat(7)).join(
        '',
      );
      const whole = Buffer.concat([IPV6.subarray(0, 40), Buffer.from(headers, 'hex'), IPV6.subarray(40)]);
      whole.writeUInt16BE(25 + count * 8, 4);
      return patched(whole, 6, '00');
    };
    expect(read(many(15))).toEqual(FOUND6);
    expect(read(many(17))).toBe('IPv6 extension headers cut');
  });
});
