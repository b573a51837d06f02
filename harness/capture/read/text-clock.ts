/** `12:34:56.789012 IP`, with a date before it. */
const TIME = /^(\s*)(?:(\d{4})-(\d\d)-(\d\d) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:\s|$)/;
/** Seconds since 1970. */
const SECONDS = /^\s*(\d{9,10})\.(\d{1,9})\s/;
/** tshark: number of the packet, seconds since the first one, the two ends. */
const TSHARK = /^\s*\d+\s+(\d{1,9})\.(\d{1,9})\s+\S+\s+(?:→|->|\u00e2\u0086\u0092)\s/;
/** Without a time, what tcpdump begins with. */
const TIMELESS = /^\s*(?:IP6?|ARP|Out|In|M|B|P|[0-9a-f]{2}(?::[0-9a-f]{2}){5}) /;
const HALF_A_DAY_S = 43_200;
const DAY_S = 86_400;

/** Reads the times of tcpdump's and tshark's lines: of a day, with a date, since 1970, since the line before (`-ttt`), since the first (`-ttttt`), or none. */
export class TextClock {
  seconds = 0;
  nanoseconds = 0;
  #days = 0;
  #isFirst = true;
  #isRelative = false;
  /** Since the line before; else since the first. */
  #isDelta = false;
  /** All that relative times have said, in nanoseconds. */
  #sum = 0;
  #latest = 0;

  /** Whether a packet begins with this line; then its time is in `seconds` and `nanoseconds`. */
  read(line: string): boolean {
    const time = TIME.exec(line);
    if (time !== null) {
      this.#time(time);
      this.#isFirst = false;
      return true;
    }
    const other = SECONDS.exec(line) ?? TSHARK.exec(line);
    if (other === null) return TIMELESS.test(line);
    this.#isFirst = false;
    this.#set(Number(other[1]), nanosecondsOf(other[2]));
    return true;
  }

  #time([, space, year, month, day, hour, minute, second, fraction]: RegExpExecArray): void {
    const ofDay = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
    const nanoseconds = nanosecondsOf(fraction);
    if (year !== undefined) {
      this.#set(Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000 + ofDay, nanoseconds);
      return;
    }
    // tcpdump puts a space before what is relative; where that is lost, the first one is 0.
    if (this.#isFirst) this.#isRelative = space === ' ' || (ofDay === 0 && nanoseconds === 0);
    if (this.#isRelative) {
      this.#relative(ofDay * 1e9 + nanoseconds);
      return;
    }
    // It is some day's, and past midnight the next: what counts is the time between packets.
    if (ofDay + this.#days * DAY_S < this.seconds - HALF_A_DAY_S) this.#days += 1;
    this.#set(ofDay + this.#days * DAY_S, nanoseconds);
  }

  /** One that is smaller than the one before tells that it is since that: then all before it are to be added, too. */
  #relative(value: number): void {
    if (value < this.#latest) this.#isDelta = true;
    this.#latest = value;
    this.#sum += value;
    const now = this.#isDelta ? this.#sum : value;
    this.#set(Math.floor(now / 1e9), now % 1e9);
  }

  #set(seconds: number, nanoseconds: number): void {
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }
}

function nanosecondsOf(fraction = ''): number {
  return Number(fraction.padEnd(9, '0'));
}
