/** Numbers in one of the two byte orders, for files made by hand. */
export interface Words {
  readonly name: 'big-endian' | 'little-endian';
  readonly u16: (value: number) => Buffer;
  readonly u32: (value: number) => Buffer;
  readonly u64: (value: bigint) => Buffer;
}

export const BIG: Words = {
  name: 'big-endian',
  u16: (value) => Buffer.from([value >>> 8, value & 0xff]),
  u32: (value) => Buffer.from([value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]),
  u64: (value) => Buffer.from(value.toString(16).padStart(16, '0'), 'hex'),
};

const reversed = (bytes: Buffer): Buffer => Buffer.from(bytes.toReversed());

export const LITTLE: Words = {
  name: 'little-endian',
  u16: (value) => reversed(BIG.u16(value)),
  u32: (value) => reversed(BIG.u32(value)),
  u64: (value) => reversed(BIG.u64(value)),
};

export const ORDERS = [LITTLE, BIG];
