/** Datagrams of which fragments are missing, at a time. The oldest gives way. */
export const MAX_DATAGRAMS = 256;
/** As long as the payload of an IP datagram can be. */
const MAX_DATAGRAM_BYTES = 65_535;
/** A datagram whose fragments come further apart is not put together: RFC 791 and RFC 8200 say 60 s at most. */
const MAX_AGE_S = 60;
/** Offsets are told in these, and all fragments but the last are as long as some of them. */
const UNIT_BYTES = 8;
/** Memory is taken in these: a lone fragment at the far end of a datagram is not worth 64 KiB. */
const PAGE_BYTES = 2048;
const PAGE_UNITS = PAGE_BYTES / UNIT_BYTES;

/** One fragment, with what tells whose it is. */
export interface Fragment {
  /** Addresses, protocol and identification, as bytes of the header: the same for all fragments of a datagram. */
  readonly key: string;
  /** What the whole datagram begins with: its header, without extensions. */
  readonly header: Uint8Array;
  /** Of the payload, in bytes: a multiple of 8. */
  readonly offset: number;
  readonly payload: Uint8Array;
  readonly isLast: boolean;
  readonly seconds: number;
}

/** Puts fragments of IP together, in bounded memory. Where they overlap the first one counts. */
export class Fragments {
  readonly #datagrams = new Map<string, Datagram>();

  /** The whole datagram, header first, once this fragment was the last that was missing; else null. */
  add(fragment: Fragment): Uint8Array | null {
    const { offset, payload, isLast } = fragment;
    if (offset + payload.length > MAX_DATAGRAM_BYTES) return null;
    // The next one would begin in the middle of a unit.
    if (!isLast && payload.length % UNIT_BYTES !== 0) return null;
    const datagram = this.#datagram(fragment);
    datagram.add(offset, payload, isLast);
    const whole = datagram.whole();
    if (whole !== null) this.#datagrams.delete(fragment.key);
    return whole;
  }

  #datagram({ key, header, seconds }: Fragment): Datagram {
    const known = this.#datagrams.get(key);
    if (known !== undefined && Math.abs(seconds - known.seconds) <= MAX_AGE_S) return known;
    const fresh = new Datagram(header, seconds);
    this.#datagrams.delete(key);
    this.#datagrams.set(key, fresh);
    if (this.#datagrams.size > MAX_DATAGRAMS) {
      const [oldest] = this.#datagrams.keys();
      if (oldest !== undefined) this.#datagrams.delete(oldest);
    }
    return fresh;
  }
}

interface Page {
  readonly bytes: Uint8Array;
  /** Of each unit, whether it is there. */
  readonly has: Uint8Array;
}

/** One that is not whole yet. */
class Datagram {
  /** Of its first fragment. */
  readonly seconds: number;
  readonly #header: Uint8Array;
  readonly #pages = new Map<number, Page>();
  #unitsThere = 0;
  /** −1: the last one has not come. */
  #length = -1;

  constructor(header: Uint8Array, seconds: number) {
    // The capture's memory is used again.
    this.#header = Uint8Array.from(header);
    this.seconds = seconds;
  }

  add(offset: number, payload: Uint8Array, isLast: boolean): void {
    if (isLast && this.#length === -1) this.#length = offset + payload.length;
    for (let done = 0; done < payload.length;) {
      const at = offset + done;
      const part = payload.subarray(done, done + PAGE_BYTES - (at % PAGE_BYTES));
      this.#unitsThere += fill(this.#page(Math.floor(at / PAGE_BYTES)), at % PAGE_BYTES, part);
      done += part.length;
    }
  }

  whole(): Uint8Array | null {
    const length = this.#length;
    const units = Math.ceil(length / UNIT_BYTES);
    // What lies beyond the end that the last one gave is counted, and none of it.
    if (length === -1 || this.#unitsThere < units) return null;
    const pages: Uint8Array[] = [this.#header];
    for (let at = 0; at < length; at += PAGE_BYTES) {
      const page = this.#pages.get(at / PAGE_BYTES);
      if (page === undefined) return null;
      const rest = Math.min(PAGE_BYTES, length - at);
      if (page.has.subarray(0, Math.ceil(rest / UNIT_BYTES)).includes(0)) return null;
      pages.push(page.bytes.subarray(0, rest));
    }
    return Buffer.concat(pages);
  }

  #page(index: number): Page {
    let page = this.#pages.get(index);
    if (page === undefined) {
      page = { bytes: new Uint8Array(PAGE_BYTES), has: new Uint8Array(PAGE_UNITS) };
      this.#pages.set(index, page);
    }
    return page;
  }
}

/** Puts what is not there yet into a page. Returns how many units that was. */
function fill({ bytes, has }: Page, offset: number, part: Uint8Array): number {
  const first = offset / UNIT_BYTES;
  const end = first + Math.ceil(part.length / UNIT_BYTES);
  let added = 0;
  for (let at = first; at < end;) {
    // As many units at a time as are there already, or are not.
    const isThere = has[at] === 1;
    const found = has.subarray(at, end).indexOf(isThere ? 0 : 1);
    const until = found === -1 ? end : at + found;
    if (!isThere) {
      const from = at * UNIT_BYTES;
      bytes.set(part.subarray(from - offset, until * UNIT_BYTES - offset), from);
      has.fill(1, at, until);
      added += until - at;
    }
    at = until;
  }
  return added;
}
