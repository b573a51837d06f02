/** What XML 1.0 has no place for, not even spelled as a number: control characters, half characters, two that are none. */
const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  // A reader makes blanks of them in an attribute, and one line end of both in a text.
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
]);

/** A text as the value of an attribute, between double quotes. What XML cannot hold is spelled `\x1b`. */
export function xmlAttribute(text: string): string {
  return spelled(text).replaceAll(/[&<>"\t\n\r]/g, (char) => ENTITIES.get(char) ?? char);
}

/** A text between two tags. */
export function xmlText(text: string): string {
  return spelled(text).replaceAll(/[&<>\r]/g, (char) => ENTITIES.get(char) ?? char);
}

function spelled(text: string): string {
  return text.replaceAll(ILLEGAL, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
