import type { Words } from './words.ts';

/** pcap files made by hand, in any variant. */

export const Magic = { MICROSECONDS: 0xa1b2c3d4, NANOSECONDS: 0xa1b23c4d, KUZNETZOV: 0xa1b2cd34 } as const;

export interface PcapRecord {
  readonly seconds: number;
  /** In the unit of the file. */
  readonly fraction: number;
  readonly bytes: Uint8Array;
  readonly wireBytes?: number;
}

export function pcapHeader({ u16, u32 }: Words, magic: number, linkType: number, snapBytes = 262_144): Buffer {
  return Buffer.concat([u32(magic), u16(2), u16(4), u32(0), u32(0), u32(snapBytes), u32(linkType)]);
}

export function pcapRecord({ u32 }: Words, { seconds, fraction, bytes, wireBytes }: PcapRecord): Buffer {
  return Buffer.concat([u32(seconds), u32(fraction), u32(bytes.length), u32(wireBytes ?? bytes.length), bytes]);
}

/** With the 8 bytes more that Kuznetzov's patch puts into each header: interface, protocol, type, padding. */
export function kuznetzovRecord({ u16, u32 }: Words, { seconds, fraction, bytes }: PcapRecord): Buffer {
  const header = [u32(seconds), u32(fraction), u32(bytes.length), u32(bytes.length)];
  return Buffer.concat([...header, u32(2), u16(0x0800), Buffer.from([4, 0]), bytes]);
}
