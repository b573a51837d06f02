/** The time at the beginning of a printed line, if there is one, and what comes after it. */
export interface PrintedTime {
  /** Milliseconds from an arbitrary beginning, the same for all lines of one form. */
  readonly ms: number;
  readonly rest: string;
}

const DATE = /^\W{0,2}(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|[+-]\d\d:?\d\d)?\]?\s*/;
const CLOCK = /^\W{0,2}(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\]?\s*/;
/** Seconds since something with a fraction, as dmesg prints them, or since 1970. */
const SECONDS = /^\[?\s*(\d{1,10})\.(\d{3,9})\]?\s+/;

export function printedTime(line: string): PrintedTime | null {
  const first = line.charCodeAt(0);
  // Most lines begin with none: digits and brackets aside, nothing needs a regular expression.
  if (!(first >= 48 && first <= 57) && first !== 91 && first !== 32 && first !== 40) return null;
  const date = DATE.exec(line);
  if (date !== null) {
    const [all, year, month, day, hour, minute, second, fraction] = date;
    const ms = Date.UTC(+(year ?? 0), +(month ?? 1) - 1, +(day ?? 1), +(hour ?? 0), +(minute ?? 0), +(second ?? 0));
    return { ms: ms + fractionMs(fraction), rest: line.slice(all.length) };
  }
  const clock = CLOCK.exec(line);
  if (clock !== null) {
    const [all, hour, minute, second, fraction] = clock;
    const seconds = (+(hour ?? 0) * 60 + +(minute ?? 0)) * 60 + +(second ?? 0);
    return { ms: seconds * 1000 + fractionMs(fraction), rest: line.slice(all.length) };
  }
  const plain = SECONDS.exec(line);
  if (plain === null) return null;
  return { ms: +(plain[1] ?? 0) * 1000 + fractionMs(plain[2]), rest: line.slice(plain[0].length) };
}

function fractionMs(digits: string | undefined): number {
  return digits === undefined ? 0 : +`0.${digits}` * 1000;
}
