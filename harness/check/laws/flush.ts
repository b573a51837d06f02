/** Through what has failed nothing is passed on any more. */
export function checkFailedFlush(taken: number, received: number): string | null {
  if (received >= taken) return null;
  return `The inner side has failed, ${taken - received} bytes are lost, and pollFlush returned 0`;
}

/** Bytes that a flush should have passed on, and that came only when more was done. */
export function heldBack(bytes: number): string {
  return `pollFlush returned 0, and ${bytes} bytes that it should have passed on were still held back`;
}
