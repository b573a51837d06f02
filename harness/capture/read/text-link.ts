import type { CapturedPacket } from '../captured-packet.ts';
import { findNetwork, LinkType, type NetworkPlace } from '../packet/link-layer.ts';
import { readWord } from '../read-word.ts';

/** What a text does not say. `-X` leaves the link layer out; `-XX` and Wireshark have it. */
const CANDIDATES = [LinkType.RAW, LinkType.EN10MB, LinkType.LINUX_SLL2, LinkType.LINUX_SLL, LinkType.NULL];
/** Shorter frames are filled up. */
const LEAST_ETHERNET_BYTES = 60;
const IPV6_BYTES = 40;

const place: NetworkPlace = { at: 0, version: 0, why: '' };

/** Finds out which link layer a packet has by where in it a header of IP fits, and how long it was on the wire. */
export function guessLink(packet: CapturedPacket): void {
  let [best, bestFit, bestBytes] = [LinkType.EN10MB as number, 0, packet.end - packet.start];
  for (const linkType of CANDIDATES) {
    packet.linkType = linkType;
    findNetwork(packet, place);
    const end = place.version === 0 ? packet.start : ipEnd(packet, place);
    // Segmentation offload leaves a length of 0, of which nothing follows.
    const wireBytes = end === Infinity ? bestBytes : end - packet.start;
    const fit = end === Infinity ? 1 : fitOf(packet.end - packet.start, wireBytes);
    if (fit > bestFit) [best, bestFit, bestBytes] = [linkType, fit, Math.max(bestBytes, wireBytes)];
  }
  packet.linkType = best;
  packet.wireBytes = bestBytes;
}

/** Where IP says that it ends; `packet.start`: it cannot be one; Infinity: it does not say. */
function ipEnd({ bytes, start, end }: CapturedPacket, { at, version }: NetworkPlace): number {
  const first = bytes[at] ?? 0;
  if (first >> 4 !== version || end - at < (version === 4 ? 20 : IPV6_BYTES)) return start;
  const length = readWord(bytes, at + (version === 4 ? 2 : 4));
  if (length === 0) return Infinity;
  if (version === 6) return at + IPV6_BYTES + length;
  const headerBytes = (first & 0x0f) * 4;
  return headerBytes < 20 || length < headerBytes ? start : at + length;
}

/** 3: to the byte. 2: with what fills up a short frame. 1: it was cut. 0: not at all. */
function fitOf(bytes: number, wireBytes: number): number {
  if (wireBytes === 0) return 0;
  if (wireBytes === bytes) return 3;
  if (wireBytes < bytes) return bytes <= LEAST_ETHERNET_BYTES ? 2 : 0;
  return 1;
}
