/** Nobody reads so much less than has come, unless somebody keeps it. What is no count at all is another law's. */
export function checkHeld(bytes: number, most: number): string | null {
  if (!(bytes > most)) return null;
  return `${bytes} bytes were taken from beneath that nobody has read: expected at most ${most}`;
}

/** Who writes to somebody who does not read is held back, sooner or later. */
export function checkBounded(taken: number, received: number, maxBytes: number): string | null {
  if (taken - received <= maxBytes) return null;
  return `${taken - received} bytes were taken by pollWrite while nobody reads: expected PENDING at ${maxBytes} or before`;
}
