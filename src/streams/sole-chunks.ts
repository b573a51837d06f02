import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Chunks of which nobody else can hold the memory, so that it may be freed as soon as the kernel has taken the bytes.
 *
 * Node allocates 64 KiB for each read of a socket and leaves it to the garbage collector: at a few GB/s that means a
 * collection every few dozen milliseconds, and every read lands in memory that no cache holds. Freed at once, the same
 * few blocks are used again and again: measured, a fifth of the CPU time of a bulk transfer (docs/benchmarks.md).
 */
const soleMemory = new WeakSet<ArrayBufferLike>();

/** Below this, a chunk costs less than keeping the account. */
export const LEAST_SOLE_BYTES = 16 * 1024;

/**
 * Whether this is a TCP socket of Node's own making: its chunks come fresh from the kernel, and what it no longer counts
 * as waiting to be written the kernel has copied. Of another Duplex neither is known: a PassThrough hands over the very
 * buffer that somebody wrote into it, and hands it on.
 */
export function isPlainTcp(duplex: Duplex): duplex is Socket {
  return Object.getPrototypeOf(duplex) === Socket.prototype && (duplex as Socket).remoteFamily !== undefined;
}

/** Says that a chunk of at least LEAST_SOLE_BYTES, with all of its memory, has no other holder. */
export function markSole(chunk: Uint8Array): void {
  if (coversItsMemory(chunk)) soleMemory.add(chunk.buffer);
}

/** Whether the chunk, as a whole, was marked and not yet freed. */
export function isSole(chunk: Uint8Array): boolean {
  return chunk.byteLength >= LEAST_SOLE_BYTES && coversItsMemory(chunk) && soleMemory.has(chunk.buffer);
}

/** Frees the memory of a sole chunk, which has no bytes after that. The kernel must be done with it. */
export function freeSole(chunk: Uint8Array): void {
  // Only what #isSole has seen comes here, and only an ArrayBuffer of a socket's read was marked.
  const memory = chunk.buffer as ArrayBuffer;
  soleMemory.delete(memory);
  memory.transfer(0);
}

function coversItsMemory(chunk: Uint8Array): boolean {
  return chunk.byteLength === chunk.buffer.byteLength;
}
