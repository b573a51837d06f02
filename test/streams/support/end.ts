import type { Direction } from '../../../src/poll/direction.ts';
import { PENDING } from '../../../src/poll/pending.ts';
import type { ChunkSlot, PollStream } from '../../../src/poll/poll-stream.ts';
import { Half } from './half.ts';
import { LawfulStream } from '../../../harness/check/lawful-stream.ts';
import type { SeededRandom } from './seeded-random.ts';

/** The longest write and the longest read that the suite makes, in bytes. */
const WRITE_BYTES_MAX = 40_000;
const READ_BYTES_MAX = 30_000;

export type ReadMode = 'bytes' | 'chunks' | 'mixed';

/** One end of a pair in the hands of a test: its stream, watched, and a context for each half. */
export class End {
  readonly stream: LawfulStream;
  readonly reading: Half;
  readonly writing: Half;
  readonly #random: SeededRandom;
  readonly #slot: ChunkSlot = { bytes: new Uint8Array(0), start: 0, end: 0 };
  readonly #window = new Uint8Array(READ_BYTES_MAX + 2);

  constructor(name: string, stream: PollStream, random: SeededRandom) {
    const [reads, writes]: Direction[] = name === 'a' ? ['b -> a', 'a -> b'] : ['a -> b', 'b -> a'];
    this.stream = new LawfulStream(stream, (_law, _call, message) => {
      throw new Error(`Contract broken by ${name}: ${message}`);
    });
    this.reading = new Half(`${name}'s reading half`, reads ?? 'a -> b', 'read');
    this.writing = new Half(`${name}'s writing half`, writes ?? 'a -> b', 'write');
    this.#random = random;
  }

  /** Writes all of it in pieces of random sizes: borrowed from one buffer that is used again, or given away. */
  async write(bytes: Uint8Array, given = false): Promise<void> {
    // A Buffer with something before it: `slice` on one copies nothing, and offsets begin at 0 by accident only.
    const borrowed = Buffer.alloc(WRITE_BYTES_MAX + 7);
    for (let at = 0; at < bytes.length;) {
      const size = Math.min(this.#random.size(WRITE_BYTES_MAX), bytes.length - at);
      if (given) {
        at += await this.#writeGiven(bytes.slice(at, at + size));
        continue;
      }
      borrowed.set(bytes.subarray(at, at + size), 7);
      at += await this.writing.until((cx) => this.stream.pollWrite(cx, borrowed, 7, 7 + size, false));
    }
  }

  async flush(): Promise<void> {
    await this.writing.until((cx) => this.stream.pollFlush(cx));
  }

  async shutdown(): Promise<void> {
    await this.writing.until((cx) => this.stream.pollShutdown(cx));
  }

  /** Reads `length` bytes, or all up to the end of the stream, in windows of random sizes. */
  async read(length: number, mode: ReadMode = 'bytes'): Promise<Buffer> {
    const parts: Buffer[] = [];
    let left = length;
    while (left > 0) {
      const part = await this.#readPart(left, mode);
      if (part.length === 0) break;
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  readToEnd(mode: ReadMode = 'bytes'): Promise<Buffer> {
    return this.read(Infinity, mode);
  }

  /** One poll for a read, for when it is about what a poll returns. */
  pollOnce(): number {
    return this.stream.pollRead(this.reading, this.#window, 1, this.#window.length - 1);
  }

  /** Writes as much as goes without anybody reading, in pieces of `size`, and no more than `limit` bytes. */
  async fill(size: number, limit: number): Promise<number> {
    let taken = 0;
    await this.writing.untilStuck(100, (cx) => {
      if (taken > limit) throw new Error(`Contract broken: ${taken} bytes taken though nobody reads`);
      const n = this.stream.pollWrite(cx, new Uint8Array(size), 0, size, true);
      if (n !== PENDING) taken += n;
      return n;
    });
    return taken;
  }

  async #writeGiven(chunk: Uint8Array): Promise<number> {
    let at = 0;
    while (at < chunk.length) {
      at += await this.writing.until((cx) => this.stream.pollWrite(cx, chunk, at, chunk.length, true));
    }
    return at;
  }

  async #readPart(most: number, mode: ReadMode): Promise<Buffer> {
    const pollChunk = this.stream.pollChunk;
    const asChunk = mode === 'chunks' || (mode === 'mixed' && this.#random.between(0, 1) === 0);
    if (asChunk && pollChunk !== undefined) {
      const n = await this.reading.until((cx) => pollChunk(cx, this.#slot));
      return Buffer.from(this.#slot.bytes.subarray(this.#slot.start, this.#slot.start + n));
    }
    const size = Math.min(this.#random.size(READ_BYTES_MAX), most);
    const n = await this.reading.until((cx) => this.stream.pollRead(cx, this.#window, 1, 1 + size));
    return Buffer.from(this.#window.subarray(1, 1 + n));
  }
}
