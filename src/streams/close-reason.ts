/** RFC 6455, 5.5: a control frame carries at most 125 bytes, of which the code takes two. */
const REASON_BYTES_MAX = 123;

/** Cuts a text to what fits a Close frame, 123 bytes as UTF-8, without splitting a character. */
export function closeReason(text: string): string {
  const room = new Uint8Array(REASON_BYTES_MAX);
  const { read } = new TextEncoder().encodeInto(text, room);
  return text.slice(0, read);
}
