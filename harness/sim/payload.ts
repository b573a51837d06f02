import type { Direction } from '../../src/poll/direction.ts';

/** A first size that most runs need no more than. */
const FIRST_BYTES = 512;

/** The key of one direction's bytes. */
function keyOf(seed: number, direction: Direction): number {
  return mix((seed | 0) ^ (direction === 'a -> b' ? 0x5bd1e995 : 0x1b873593));
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return x ^ (x >>> 14);
}

/** The byte at a position of a direction: it depends on all three, so that a loss, a swap or a duplicate shows. */
export function payloadByte(seed: number, direction: Direction, position: number): number {
  return mix(keyOf(seed, direction) + Math.imul(position, 0x9e3779b1)) & 0xff;
}

/** The bytes of one direction from its beginning, made as far as they are asked for, and kept from run to run. */
export class Payload {
  readonly #direction: Direction;
  #seed = 0;
  #bytes = new Uint8Array(0);

  constructor(direction: Direction) {
    this.#direction = direction;
  }

  reset(seed: number): void {
    if (seed === this.#seed) return;
    this.#seed = seed;
    this.#bytes = new Uint8Array(0);
  }

  /** At least the first `length` bytes. */
  upTo(length: number): Uint8Array {
    if (length <= this.#bytes.length) return this.#bytes;
    const bytes = new Uint8Array(Math.max(FIRST_BYTES, length, 2 * this.#bytes.length));
    bytes.set(this.#bytes);
    const key = keyOf(this.#seed, this.#direction);
    for (let i = this.#bytes.length; i < bytes.length; i += 1) bytes[i] = mix(key + Math.imul(i, 0x9e3779b1)) & 0xff;
    this.#bytes = bytes;
    return bytes;
  }
}
