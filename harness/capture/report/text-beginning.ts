import { printable } from '../../../src/printable.ts';

/** So much of a text is shown. */
const MAX_TEXT_CHARS = 60;
/** No character of UTF-8 has more. */
const MAX_CHAR_BYTES = 4;

/** How a payload begins, if that is text; null if it is none. */
export function textBeginning(payload: Uint8Array): string | null {
  if (payload.length === 0) return null;
  const isCut = payload.length > MAX_TEXT_CHARS * MAX_CHAR_BYTES;
  const piece = payload.subarray(0, MAX_TEXT_CHARS * MAX_CHAR_BYTES);
  try {
    // A character that the cut has halved is none of the text's fault.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(piece, { stream: isCut });
    const line = text.replaceAll(/\s+/g, ' ');
    return /\p{Cc}/u.test(line) ? null : printable(line, MAX_TEXT_CHARS);
  } catch {
    return null;
  }
}
