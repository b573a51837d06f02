import { crc32 } from 'node:zlib';
import { chunkHeaderAt, paddedBytes } from './chunk.ts';
import { decodeFileHeader } from './file-header.ts';
import type { Part, PartReader } from './part.ts';
import { CHUNK_ALIGNMENT, CHUNK_HEADER_BYTES, FILE_HEADER_BYTES, MAX_BODY_BYTES } from './trace-format.ts';

const FIRST_BUFFER_BYTES = 1 << 14;
/** Room for the longest chunk, and as much again, so that little is moved. */
const MAX_BUFFER_BYTES = 2 * (MAX_BODY_BYTES + CHUNK_HEADER_BYTES + CHUNK_ALIGNMENT);

/**
 * Takes a `.trace` apart into its chunks, whole and checked. A chunk whose body is damaged is left out; where a header is,
 * the next one is searched for at every eighth byte. Memory is bounded by the longest chunk.
 */
export class ChunkReader implements PartReader {
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  #view = new DataView(this.#buffer.buffer);
  /** Bytes in the buffer, of which those before #at have been used. */
  #length = 0;
  #at = 0;
  /** Where the buffer begins in the file. */
  #offset = 0;
  #hasHeader = false;
  /** Where damage began, while the next header is searched for. */
  #lostFrom = -1;

  /** Where the last whole chunk ends, padding included, and the next would begin; 0 if there is no header. */
  soundEnd = 0;

  *push(bytes: Uint8Array): Generator<Part> {
    let taken = 0;
    while (taken < bytes.length) {
      this.#makeRoom();
      const some = bytes.subarray(taken, taken + this.#buffer.length - this.#length);
      this.#buffer.set(some, this.#length);
      this.#length += some.length;
      taken += some.length;
      yield* this.#parts();
    }
  }

  *end(): Generator<Part> {
    // Says what is wrong with it.
    if (!this.#hasHeader) decodeFileHeader(this.#buffer.subarray(0, this.#length));
    const left = this.#length - this.#at;
    const offset = this.#offset + this.#at;
    const end = this.#offset + this.#length;
    if (this.#lostFrom !== -1) yield damage(this.#lostFrom, `no chunk up to the end of the file at ${end}`);
    else if (!this.#hasHeader) yield damage(end, 'the file ends within its header');
    else if (left > 0) {
      const header = left < CHUNK_HEADER_BYTES ? null : chunkHeaderAt(this.#view, this.#at);
      const bodyLeft = left - CHUNK_HEADER_BYTES;
      if (header !== null && header.bodyBytes <= bodyLeft) {
        // Only its padding is missing.
        yield this.#chunk(header.type, header.bodyBytes, header.bodyCrc);
      } else {
        const expected = header === null ? 'a chunk' : `a chunk of ${CHUNK_HEADER_BYTES + header.bodyBytes} bytes`;
        yield damage(offset, `the file ends within a chunk: expected ${expected}, got ${left} bytes`);
      }
    }
    this.#at = this.#length;
  }

  *#parts(): Generator<Part> {
    if (!this.#hasHeader) {
      if (this.#length < FILE_HEADER_BYTES) return;
      const header = decodeFileHeader(this.#buffer.subarray(0, this.#length));
      if (this.#length < header.headerBytes) return;
      this.#hasHeader = true;
      this.#at = header.headerBytes;
      this.soundEnd = header.headerBytes;
      yield { kind: 'header', header, bytes: this.#buffer.subarray(0, header.headerBytes) };
    }
    while (this.#length - this.#at >= CHUNK_HEADER_BYTES) {
      const header = chunkHeaderAt(this.#view, this.#at);
      if (header === null) {
        if (this.#lostFrom === -1) this.#lostFrom = this.#offset + this.#at;
        this.#at += CHUNK_ALIGNMENT;
        continue;
      }
      if (this.#lostFrom !== -1) {
        const from = this.#lostFrom;
        this.#lostFrom = -1;
        yield damage(from, `no chunk up to offset ${this.#offset + this.#at}`);
      }
      const whole = CHUNK_HEADER_BYTES + paddedBytes(header.bodyBytes);
      if (this.#length - this.#at < whole) return;
      yield this.#chunk(header.type, header.bodyBytes, header.bodyCrc);
      const end = this.#at + whole;
      if (this.#buffer.subarray(this.#at + CHUNK_HEADER_BYTES + header.bodyBytes, end).some((byte) => byte !== 0)) {
        yield damage(this.#offset + end - CHUNK_ALIGNMENT, 'expected zeros after the chunk');
      }
      this.#at = end;
    }
  }

  /** The chunk at #at, all of which is there. */
  #chunk(type: number, bodyBytes: number, bodyCrc: number): Part {
    const start = this.#at + CHUNK_HEADER_BYTES;
    const body = this.#buffer.subarray(start, start + bodyBytes);
    const offset = this.#offset + this.#at;
    const got = crc32(body);
    this.soundEnd = offset + CHUNK_HEADER_BYTES + paddedBytes(bodyBytes);
    if (got === bodyCrc) return { kind: 'chunk', chunk: { type, offset, body } };
    return damage(offset, `a chunk of type ${type} and ${bodyBytes} bytes has checksum ${got}, expected ${bodyCrc}`);
  }

  /** Chunks begin at a multiple of eight bytes of the buffer, because what is left is moved to its beginning. */
  #makeRoom(): void {
    this.#buffer.copyWithin(0, this.#at, this.#length);
    this.#offset += this.#at;
    this.#length -= this.#at;
    this.#at = 0;
    if (this.#length < this.#buffer.length / 2 || this.#buffer.length === MAX_BUFFER_BYTES) return;
    const larger = new Uint8Array(Math.min(this.#buffer.length * 4, MAX_BUFFER_BYTES));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function damage(offset: number, what: string): Part {
  return { kind: 'damage', offset, message: `Damaged at offset ${offset}: ${what}` };
}
