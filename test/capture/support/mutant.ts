import { Random } from '../../../harness/sim/random.ts';
import type { Seed } from './seeds.ts';

/** What lies on a border of some field. */
const WORDS = [0, 1, 2, 3, 4, 7, 8, 15, 16, 20, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000];
const LARGE_WORDS = [0x00ff_ffff, 0x0100_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
const MAX_CHANGES = 4;
const MAX_CUT_BYTES = 64;

export interface Mutant {
  readonly name: string;
  readonly bytes: Buffer;
  /** The pieces that it is read in. */
  readonly chunkBytes: number;
}

const random = new Random();

/** Number `index` of the mutants of these seeds: the same every time. */
export function mutant(seeds: readonly Seed[], seed: number, index: number): Mutant {
  random.reset(Math.imul(seed, 0x9e3779b1) ^ index);
  const { name, bytes: original } = seedOf(seeds);
  let bytes: Buffer = Buffer.from(original);
  for (let changes = 1 + random.below(MAX_CHANGES); changes > 0; changes -= 1) bytes = changed(bytes, seeds);
  const chunkBytes = random.below(4) === 0 ? 1 + random.below(200) : Math.max(1, bytes.length);
  return { name, bytes, chunkBytes };
}

function changed(bytes: Buffer, seeds: readonly Seed[]): Buffer {
  const at = random.below(bytes.length + 1);
  switch (random.below(10)) {
    case 0:
    case 1:
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return bytes;
    case 2:
      if (at < bytes.length) bytes[at] = random.below(256);
      return bytes;
    case 3:
      if (at + 2 <= bytes.length) bytes.writeUInt16BE(pick(WORDS) & 0xffff, at);
      return bytes;
    case 4:
      if (at + 4 <= bytes.length) bytes.writeUInt32BE(random.below(2) === 0 ? pick(WORDS) : pick(LARGE_WORDS), at);
      return bytes;
    case 5:
      if (at + 4 <= bytes.length) bytes.writeUInt32LE(random.below(2) === 0 ? pick(WORDS) : pick(LARGE_WORDS), at);
      return bytes;
    case 6:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.below(MAX_CUT_BYTES))]);
    case 7: {
      const again = bytes.subarray(at, at + random.below(MAX_CUT_BYTES * 4));
      return Buffer.concat([bytes.subarray(0, at), again, bytes.subarray(at)]);
    }
    case 8:
      return bytes.subarray(0, at);
    default: {
      const { bytes: other } = seedOf(seeds);
      const from = random.below(other.length);
      const part = other.subarray(from, from + random.below(MAX_CUT_BYTES * 8));
      return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
    }
  }
}

/** What is packed takes ten times as long to read: one in 32, and what is real two in 32. */
function seedOf(seeds: readonly Seed[]): Seed {
  const draw = random.below(32);
  const wanted = draw === 0 ? 'packed' : draw <= 2 ? 'real' : 'small';
  return pick(seeds.filter(({ kind }) => kind === wanted));
}

function pick<T>(values: readonly T[]): T {
  // The lists are not empty, and the index lies within.
  return values[random.below(values.length)] as T;
}
