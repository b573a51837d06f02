/** Longer texts are cut: a name is no place for a megabyte. */
const MAX_CHARS = 400;

/**
 * Text from a file or a wire, safe for a terminal: on one line, nothing that moves the cursor, changes colours, titles
 * or the direction of reading, and no half characters. What is taken out is spelled as `\x1b` or `\u{202e}`.
 */
export function printable(text: string, maxChars = MAX_CHARS): string {
  const cut = text.length > maxChars ? `${text.slice(0, maxChars - 1)}…` : text;
  return cut.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
