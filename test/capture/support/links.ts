import { BIG, LITTLE } from './words.ts';

/** Link layers around a packet of IP, made by hand. */

const MACS = Buffer.from('020000000002020000000001', 'hex');
const typeOf = (packet: Uint8Array): Buffer => Buffer.from((packet[0] ?? 0) >> 4 === 6 ? '86dd' : '0800', 'hex');

/** @param tags of VLANs, outermost first, each in hexadecimal: type and number. */
export function ethernet(packet: Uint8Array, tags: readonly string[] = []): Buffer {
  return Buffer.concat([MACS, Buffer.from(tags.join(''), 'hex'), typeOf(packet), packet]);
}

export function linuxSll(packet: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('0000030400060000000000000000', 'hex'), typeOf(packet), packet]);
}

export function linuxSll2(packet: Uint8Array): Buffer {
  return Buffer.concat([typeOf(packet), Buffer.from('000000000001030400060000000000000000', 'hex'), packet]);
}

/** The family of the address, in the byte order of the machine. */
export function loopback(packet: Uint8Array, family: number, isLittle: boolean): Buffer {
  return Buffer.concat([(isLittle ? LITTLE : BIG).u32(family), packet]);
}
