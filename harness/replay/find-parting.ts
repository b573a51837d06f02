/** Where what arrived first differs from what was said, and how it reads. */
export interface Parting {
  /**
   * `end`: it ended too early, after the bytes of `offset`. `gap`: bytes are missing. `duplicate`: bytes came again. `swap`: two
   * parts changed places. `other`: other bytes came. `surplus`: more came than was said.
   */
  readonly kind: 'end' | 'gap' | 'duplicate' | 'swap' | 'other' | 'surplus';
  /** Of the first byte that differs, in what was said. */
  readonly offset: number;
  /** Bytes that are missing, came again, came too much, or were overtaken by what should have come after them. */
  readonly length: number;
}

/** So many bytes in a row are taken for the same place, where there are so many. */
const NEEDLE_BYTES = 16;
/** So far around the difference the rest is looked for. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** Null: the same, byte for byte. */
export function findParting(said: Uint8Array, arrived: Uint8Array): Parting | null {
  const [want, got] = [viewOf(said), viewOf(arrived)];
  const offset = firstDifference(want, got);
  if (offset === want.length && offset === got.length) return null;
  if (offset === got.length) return { kind: 'end', offset, length: want.length - offset };
  const needle = got.subarray(offset, offset + NEEDLE_BYTES);
  const begin = Math.max(0, offset - WINDOW_BYTES);
  const earlier = want.subarray(begin, offset + NEEDLE_BYTES - 1).lastIndexOf(needle);
  const later = want.subarray(0, offset + WINDOW_BYTES).indexOf(needle, offset);
  // Whichever explains more of what came, where bytes are much alike.
  const explained = (from: number): number => firstDifference(want.subarray(from), got.subarray(offset));
  const again = earlier === -1 ? 0 : explained(begin + earlier);
  if (later > offset && explained(later) > again) return movedOn(want, got, offset, later);
  if (again > 0) return { kind: 'duplicate', offset, length: Math.min(again, offset - begin - earlier) };
  if (offset === want.length) return { kind: 'surplus', offset, length: got.length - offset };
  return { kind: 'other', offset, length: Math.min(want.length, got.length) - offset };
}

/** What came is what should have come later: the part between came after it, or not at all. */
function movedOn(want: Buffer, got: Buffer, offset: number, later: number): Parting {
  const length = later - offset;
  const overtaken = want.subarray(offset, later);
  const same = firstDifference(want.subarray(later), got.subarray(offset));
  // A little earlier than `same` says, where they begin as what should have followed does.
  const isSwap = got.subarray(offset, offset + same + length).includes(overtaken);
  return { kind: isSwap ? 'swap' : 'gap', offset, length };
}

function firstDifference(one: Buffer, other: Buffer): number {
  const length = Math.min(one.length, other.length);
  if (one.subarray(0, length).equals(other.subarray(0, length))) return length;
  // By halves: it compares a megabyte as fast as a byte.
  let [same, differs] = [0, length];
  while (differs - same > 1) {
    const middle = (same + differs) >> 1;
    if (one.subarray(same, middle).equals(other.subarray(same, middle))) same = middle;
    else differs = middle;
  }
  return same;
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
