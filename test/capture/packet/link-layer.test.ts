import { expect, test } from 'vitest';
import { ipv6 } from '../support/fragments.ts';
import { ethernet, linuxSll, linuxSll2, loopback } from '../support/links.ts';
import { ipv4 } from '../support/packets.ts';
import { Segments } from '../support/segments.ts';

const IPV4 = ipv4({ from: 'a', offset: 0, bytes: Buffer.from('hello') });
const IPV6 = ipv6(IPV4);
const FOUND = { ends: '192.0.2.1:40000 > 198.51.100.7:8080', payload: 'hello', payloadBytes: 5 };
const FOUND6 = { ends: '[2001:db8::1]:40000 > [2001:db8::2]:8080', payload: 'hello', payloadBytes: 5 };
const EIGHT_TAGS = Array.from({ length: 8 }, () => '81000001');

test.each([
  ['Ethernet', 1, ethernet(IPV4), FOUND],
  ['Ethernet with IPv6', 1, ethernet(IPV6), FOUND6],
  ['a VLAN', 1, ethernet(IPV4, ['81000064']), FOUND],
  ['QinQ', 1, ethernet(IPV4, ['88a80001', '81000002']), FOUND],
  ['QinQ of the old kind, with IPv6', 1, ethernet(IPV6, ['91000001', '81000002']), FOUND6],
  ['eight tags', 1, ethernet(IPV4, EIGHT_TAGS), FOUND],
  ['nine tags', 1, ethernet(IPV4, [...EIGHT_TAGS, '81000001']), 'more than 8 VLAN tags'],
  ['ARP', 1, Buffer.from(`${'02'.repeat(12)}0806${'00'.repeat(28)}`, 'hex'), 'ARP'],
  ['IEEE 802.3', 1, Buffer.from(`${'02'.repeat(12)}0026424203`, 'hex'), 'IEEE 802.3'],
  ['LLDP', 1, Buffer.from(`${'02'.repeat(12)}88cc00`, 'hex'), 'EtherType 0x88cc'],
  ['Ethernet that is cut', 1, Buffer.alloc(13), 'link header cut'],
  ['a tag that is cut', 1, ethernet(Buffer.alloc(0), ['81000001']).subarray(0, 17), 'link header cut'],
  ['Linux cooked', 113, linuxSll(IPV4), FOUND],
  ['Linux cooked with IPv6', 113, linuxSll(IPV6), FOUND6],
  ['Linux cooked that is cut', 113, linuxSll(IPV4).subarray(0, 15), 'link header cut'],
  ['Linux cooked, version 2', 276, linuxSll2(IPV4), FOUND],
  ['Linux cooked, version 2, with IPv6', 276, linuxSll2(IPV6), FOUND6],
  ['Linux cooked, version 2, that is cut', 276, linuxSll2(IPV4).subarray(0, 19), 'link header cut'],
  ['NULL of a little-endian machine', 0, loopback(IPV4, 2, true), FOUND],
  ['NULL of a big-endian machine', 0, loopback(IPV4, 2, false), FOUND],
  ['NULL with the IPv6 of macOS', 0, loopback(IPV6, 30, true), FOUND6],
  ['NULL with the IPv6 of FreeBSD', 0, loopback(IPV6, 28, true), FOUND6],
  ['NULL with the IPv6 of OpenBSD', 0, loopback(IPV6, 24, true), FOUND6],
  ['NULL with the IPv6 of Linux', 0, loopback(IPV6, 10, true), FOUND6],
  ['NULL with something else', 0, loopback(IPV4, 23, true), 'address family 23'],
  ['NULL that is cut', 0, Buffer.alloc(3), 'link header cut'],
  ['LOOP', 108, loopback(IPV4, 2, false), FOUND],
  ['raw IP', 101, IPV4, FOUND],
  ['raw IP, version 6', 101, IPV6, FOUND6],
  ['raw IP of the BSDs', 12, IPV4, FOUND],
  ['raw IP of OpenBSD', 14, IPV6, FOUND6],
  ['raw IPv4', 228, IPV4, FOUND],
  ['raw IPv6', 229, IPV6, FOUND6],
  ['raw IP of neither version', 101, Buffer.alloc(40), 'no IP header'],
  ['nothing', 101, Buffer.alloc(0), 'no IP header'],
  ['Bluetooth', 201, IPV4, 'link type 201'],
])('the IP header is found behind %s', (_, linkType, bytes, expected) => {
  expect(new Segments().packet(bytes, { linkType }).found).toEqual([expected]);
});
