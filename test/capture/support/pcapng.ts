import type { Words } from './words.ts';

/** pcapng files made by hand, block by block. */

const padding = (length: number): Buffer => Buffer.alloc(-length & 3);

export function block({ u32 }: Words, type: number, body: Uint8Array): Buffer {
  const length = 12 + body.length + (-body.length & 3);
  return Buffer.concat([u32(type), u32(length), body, padding(body.length), u32(length)]);
}

export function option({ u16 }: Words, code: number, value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u16(code), u16(bytes.length), bytes, padding(bytes.length)]);
}

/** Options, and the one that ends them. */
export function options(words: Words, list: readonly Buffer[]): Buffer {
  return list.length === 0 ? Buffer.alloc(0) : Buffer.concat([...list, words.u16(0), words.u16(0)]);
}

/** Its length is not known: −1, unless it is given. */
export function section(words: Words, list: readonly Buffer[] = [], length = 0xffff_ffff_ffff_ffffn): Buffer {
  const { u16, u32, u64 } = words;
  const body = [u32(0x1a2b3c4d), u16(1), u16(0), u64(length), options(words, list)];
  return block(words, 0x0a0d0d0a, Buffer.concat(body));
}

export function description(words: Words, linkType: number, list: readonly Buffer[] = [], snapBytes = 0): Buffer {
  const { u16, u32 } = words;
  return block(words, 1, Buffer.concat([u16(linkType), u16(0), u32(snapBytes), options(words, list)]));
}

export interface Enhanced {
  readonly interfaceIndex?: number;
  readonly units?: bigint;
  readonly bytes: Uint8Array;
  readonly wireBytes?: number;
  readonly options?: readonly Buffer[];
}

/** An enhanced packet block. */
export function enhanced(words: Words, packet: Enhanced): Buffer {
  const { u32 } = words;
  const { interfaceIndex = 0, units = 0n, bytes, wireBytes = bytes.length } = packet;
  const head = [u32(interfaceIndex), u32(Number(units >> 32n)), u32(Number(units & 0xffff_ffffn))];
  const data = [u32(bytes.length), u32(wireBytes), bytes, padding(bytes.length)];
  return block(words, 6, Buffer.concat([...head, ...data, options(words, packet.options ?? [])]));
}

/** The kind of packet block that came before it: with a count of drops beside a shorter number of the interface. */
export function obsolete(words: Words, { interfaceIndex = 0, units = 0n, bytes }: Enhanced): Buffer {
  const { u16, u32 } = words;
  const head = [u16(interfaceIndex), u16(0xffff), u32(Number(units >> 32n)), u32(Number(units & 0xffff_ffffn))];
  return block(words, 2, Buffer.concat([...head, u32(bytes.length), u32(bytes.length), bytes]));
}

export function simple(words: Words, bytes: Uint8Array, wireBytes = bytes.length): Buffer {
  return block(words, 3, Buffer.concat([words.u32(wireBytes), bytes]));
}

export function statistics(words: Words, interfaceIndex: number, list: readonly Buffer[]): Buffer {
  const { u32 } = words;
  return block(words, 5, Buffer.concat([u32(interfaceIndex), u32(0), u32(0), options(words, list)]));
}
