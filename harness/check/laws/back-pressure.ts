/** Who writes to somebody who does not read is held back, sooner or later. */
export function checkBounded(taken: number, received: number, maxBytes: number): string | null {
  if (taken - received <= maxBytes) return null;
  return `${taken - received} bytes were taken by pollWrite while nobody reads: expected PENDING at ${maxBytes} or before`;
}
