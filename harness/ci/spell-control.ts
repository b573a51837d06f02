/** What XML 1.0 has no place for, not even spelled as a number, and no log: control characters, half characters, two that are none. */
const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** A text of which nothing is a command to who shows it: `\x1b` is spelled. Ends of lines and tabs stay. */
export function spellControl(text: string): string {
  return text.replaceAll(ILLEGAL, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
