import type { CapturedPacket } from '../captured-packet.ts';
import { readWord } from '../read-word.ts';

/** LINKTYPE_ numbers, as tcpdump.org lists them. */
export const LinkType = {
  NULL: 0,
  EN10MB: 1,
  RAW_BSD: 12,
  RAW_OPENBSD: 14,
  RAW: 101,
  LOOP: 108,
  LINUX_SLL: 113,
  IPV4: 228,
  IPV6: 229,
  LINUX_SLL2: 276,
} as const;

const EtherType = { IPV4: 0x0800, IPV6: 0x86dd, VLAN: 0x8100, QINQ: 0x88a8, OLD_QINQ: 0x9100, ARP: 0x0806 } as const;
/** Below that, an Ethernet frame has its length there. */
const LEAST_ETHERTYPE = 0x0600;
/** Tags one inside the other. */
const MAX_TAGS = 8;
/** What the address family of IPv6 is, by system: Linux, NetBSD and OpenBSD, FreeBSD, macOS. */
const IPV6_FAMILIES: ReadonlySet<number> = new Set([10, 24, 28, 30]);
const IPV4_FAMILY = 2;

/** Where the IP header of a packet begins, or why there is none. */
export interface NetworkPlace {
  at: number;
  /** 0: no IP. */
  version: 0 | 4 | 6;
  why: string;
}

/** Steps over the link layer of a packet. One place is used for all. */
export function findNetwork(packet: CapturedPacket, place: NetworkPlace): void {
  const { start, linkType } = packet;
  switch (linkType) {
    case LinkType.EN10MB:
      ether(packet, start + 12, place);
      return;
    case LinkType.LINUX_SLL:
      typed(packet, start + 14, start + 16, place);
      return;
    case LinkType.LINUX_SLL2:
      typed(packet, start, start + 20, place);
      return;
    case LinkType.NULL:
    case LinkType.LOOP:
      family(packet, place);
      return;
    case LinkType.RAW:
    case LinkType.RAW_BSD:
    case LinkType.RAW_OPENBSD:
    case LinkType.IPV4:
    case LinkType.IPV6:
      raw(packet, start, place);
      return;
    default:
      none(place, `link type ${linkType}`);
  }
}

/** @param at of the EtherType. */
function ether(packet: CapturedPacket, at: number, place: NetworkPlace): void {
  typed(packet, at, at + 2, place);
}

function typed(packet: CapturedPacket, typeAt: number, next: number, place: NetworkPlace): void {
  const { bytes, end } = packet;
  let at = typeAt;
  let after = next;
  for (let tags = 0; tags <= MAX_TAGS; tags += 1) {
    if (after > end || at + 2 > end) {
      none(place, 'link header cut');
      return;
    }
    const type = readWord(bytes, at);
    if (type === EtherType.VLAN || type === EtherType.QINQ || type === EtherType.OLD_QINQ) {
      // A tag: two bytes, then the type of what follows.
      at = after + 2;
      after = at + 2;
      continue;
    }
    if (type === EtherType.IPV4 || type === EtherType.IPV6) found(place, after, type === EtherType.IPV4 ? 4 : 6);
    else
      none(
        place,
        type === EtherType.ARP ? 'ARP' : type < LEAST_ETHERTYPE ? 'IEEE 802.3' : `EtherType 0x${type.toString(16)}`,
      );
    return;
  }
  none(place, `more than ${MAX_TAGS} VLAN tags`);
}

/** The address family, in the byte order of the machine that captured: small in one of the two. */
function family({ bytes, start, end }: CapturedPacket, place: NetworkPlace): void {
  if (end - start < 4) {
    none(place, 'link header cut');
    return;
  }
  const big = readWord(bytes, start) * 0x10000 + readWord(bytes, start + 2);
  const little = (bytes[start] ?? 0) + (bytes[start + 1] ?? 0) * 0x100;
  const value = big < 0x100 ? big : little;
  if (value === IPV4_FAMILY) found(place, start + 4, 4);
  else if (IPV6_FAMILIES.has(value)) found(place, start + 4, 6);
  else none(place, `address family ${value}`);
}

function raw({ bytes, end }: CapturedPacket, at: number, place: NetworkPlace): void {
  const version = at < end ? (bytes[at] ?? 0) >> 4 : 0;
  if (version === 4 || version === 6) found(place, at, version);
  else none(place, 'no IP header');
}

function found(place: NetworkPlace, at: number, version: 4 | 6): void {
  place.at = at;
  place.version = version;
}

function none(place: NetworkPlace, why: string): void {
  place.version = 0;
  place.why = why;
}
