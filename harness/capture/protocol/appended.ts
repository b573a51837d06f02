const LEAST_BYTES = 256;

/**
 * `kept` with bytes behind it. It lies in memory with room to spare: a stream that comes a byte at a time costs a copy of each
 * byte, and not of all before it.
 *
 * @param kept what this function has returned, or the end of that; or an empty buffer.
 */
export function appended(kept: Buffer, bytes: Uint8Array, start: number, end: number): Buffer {
  const length = kept.length + end - start;
  const isInOwnMemory = kept.length > 0 && kept.byteOffset + length <= kept.buffer.byteLength;
  // Slow: of its own, and not of Node's pool.
  const memory = isInOwnMemory ? kept : Buffer.allocUnsafeSlow(Math.max(LEAST_BYTES, length * 2));
  const whole = Buffer.from(memory.buffer, memory.byteOffset, length);
  if (!isInOwnMemory) whole.set(kept);
  whole.set(bytes.subarray(start, end), kept.length);
  return whole;
}
