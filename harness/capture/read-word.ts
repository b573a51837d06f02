/** Two bytes, big-endian, as networks have them; what lies beyond the end is 0. */
export function readWord(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
