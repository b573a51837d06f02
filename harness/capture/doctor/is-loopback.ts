import type { TcpSegment } from '../tcp-segment.ts';
import { readWord } from '../read-word.ts';

const LinkType = { NULL: 0, EN10MB: 1, LOOP: 108, LINUX_SLL: 113, LINUX_SLL2: 276 } as const;
/** Linux's hardware type of `lo`, in cooked captures. */
const ARPHRD_LOOPBACK = 772;
const MAC_BYTES = 12;

/** Whether a segment passed a loopback interface: by its link layer, which tells it also of the machine's other addresses, or by its address. */
export function isLoopback(segment: TcpSegment): boolean {
  const { bytes, start, linkType } = segment.packet;
  switch (linkType) {
    case LinkType.EN10MB:
      return isZero(bytes, start, start + MAC_BYTES);
    case LinkType.LINUX_SLL:
      return readWord(bytes, start + 2) === ARPHRD_LOOPBACK;
    case LinkType.LINUX_SLL2:
      return readWord(bytes, start + 8) === ARPHRD_LOOPBACK;
    case LinkType.NULL:
    case LinkType.LOOP:
      return true;
    default:
      return isLoopbackAddress(segment);
  }
}

function isLoopbackAddress({ bytes, sourceAt, ipVersion }: TcpSegment): boolean {
  if (ipVersion === 4) return bytes[sourceAt] === 127;
  return isZero(bytes, sourceAt, sourceAt + 15) && bytes[sourceAt + 15] === 1;
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== 0) return false;
  return true;
}
