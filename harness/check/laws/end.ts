/** What is known when a read says that it is the end. */
export interface EndFacts {
  readonly endAsked: boolean;
  readonly written: number;
  readonly received: number;
}

/** The end is 0 after the last byte, and only there. */
export function checkEnd({ endAsked, written, received }: EndFacts): string | null {
  if (!endAsked)
    return `A read returned 0, the end of the stream, after ${received} bytes, and the far end has not ended`;
  if (received < written) return `A read returned 0, the end of the stream, after ${received} of ${written} bytes`;
  return null;
}

/** After the end every read is 0 again; it may take its time. */
export function checkEndAgain(n: number): string | null {
  return n === 0 ? null : `A read after the end of the stream returned ${n}: expected 0 again`;
}
