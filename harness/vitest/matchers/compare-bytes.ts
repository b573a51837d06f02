/** So many bytes before the first that differs are shown, and so many from it on. */
const BEFORE_BYTES = 12;
const AFTER_BYTES = 24;

/** Where two pieces of bytes part, with what is around it on both sides, in one line; null if they are the same. */
export function compareBytes(expected: Uint8Array, got: Uint8Array): string | null {
  const least = Math.min(expected.length, got.length);
  let at = 0;
  while (at < least && expected[at] === got[at]) at += 1;
  if (at === expected.length && at === got.length) return null;
  const lengths =
    expected.length === got.length ? `of ${got.length}` : `(${expected.length} expected, ${got.length} delivered)`;
  if (at === got.length) return `they end at byte ${at} ${lengths}, and ${excerpt(expected, at)} is missing`;
  if (at === expected.length) return `they go on at byte ${at} ${lengths}, with ${excerpt(got, at)}`;
  return `they part at byte ${at} ${lengths}: expected ${excerpt(expected, at)}, got ${excerpt(got, at)}`;
}

/** `…"HTTP/1.1 200 OK"…`, or in hex what is no text. */
function excerpt(bytes: Uint8Array, at: number): string {
  const from = Math.max(0, at - BEFORE_BYTES);
  const to = Math.min(bytes.length, at + AFTER_BYTES);
  const piece = bytes.subarray(from, to);
  const shown = isText(piece)
    ? JSON.stringify(Buffer.from(piece).toString('latin1'))
    : Buffer.from(piece).toString('hex');
  return `${from > 0 ? '…' : ''}${shown}${to < bytes.length ? '…' : ''}`;
}

/** ASCII, and no more controls than lines need: a cut through a character of several bytes would show as damage. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09);
}
