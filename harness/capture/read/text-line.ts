/** A line of a hex dump. */
export interface HexLine {
  /** Of its first byte, in the packet; −1: it goes on with the line before, which was broken. */
  readonly offset: number;
  /** An even number of hexadecimal digits. */
  readonly digits: string;
}

export const BYTES_PER_LINE = 16;

/** `0x0010:  4500 0034 …  E..4`, of tcpdump; `0010  45 00 …  E.`, of tshark and Wireshark. */
const TCPDUMP_OFFSET = /^\s*0x([0-9a-f]{4,8}):\s*/i;
const WIRESHARK_OFFSET = /^\s*([0-9a-f]{4,8})\s{1,4}(?=[0-9a-f]{2}(?:\s|$))/i;
const GROUP = /([0-9a-f]{4}|[0-9a-f]{2})(?:(\s+)|$)/iy;

/** The byte-order marks of UTF-16 and UTF-8. */
const MARK = /^(?:\u00ff\u00fe|\u00ef\u00bb\u00bf)/;
/** What stands before a line that somebody has quoted. */
const QUOTE = /^(?:\s*>)+ ?/;

/** A line of text as it was before it was pasted: without quotation marks, and of UTF-16 only what ASCII has. */
export function plainLine(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(MARK, '')
    .replaceAll(/[\0\r]/g, '')
    .replace(QUOTE, '');
}

/** Null: it is none. */
export function hexLineOf(line: string): HexLine | null {
  const tcpdump = TCPDUMP_OFFSET.exec(line);
  if (tcpdump !== null) {
    return { offset: Number.parseInt(tcpdump[1] ?? '', 16), digits: digitsOf(line, tcpdump[0].length, 4) };
  }
  const wireshark = WIRESHARK_OFFSET.exec(line);
  if (wireshark === null) return null;
  return { offset: Number.parseInt(wireshark[1] ?? '', 16), digits: digitsOf(line, wireshark[0].length, 2) };
}

/** Of a line that was broken between its bytes, the second part; null: it is none. */
export function brokenLineOf(line: string): HexLine | null {
  const digits = digitsOf(line, line.length - line.trimStart().length, 4);
  return digits === '' ? null : { offset: -1, digits };
}

/** The bytes up to the column of characters, which two spaces set apart; where spaces were lost, up to sixteen bytes. */
function digitsOf(line: string, start: number, groupDigits: 2 | 4): string {
  let digits = '';
  GROUP.lastIndex = start;
  while (digits.length < BYTES_PER_LINE * 2) {
    const group = GROUP.exec(line);
    if (group === null) break;
    const [, found = '', space = ''] = group;
    if (found.length > groupDigits) break;
    digits += found;
    // Some set the second eight bytes apart.
    const isHalf = groupDigits === 2 && digits.length === BYTES_PER_LINE;
    // A group that is not full is the last.
    if (space.length > (isHalf ? 2 : 1) || found.length < groupDigits) break;
  }
  return digits;
}
