/** Datagrams of which fragments are missing, at a time. The oldest gives way. */
export const MAX_DATAGRAMS = 256;
/** As long as the payload of an IP datagram can be. */
const MAX_DATAGRAM_BYTES = 65_535;
/** A datagram whose fragments come further apart is not put together: RFC 791 and RFC 8200 say 60 s at most. */
const MAX_AGE_S = 60;
/** Offsets are told in these, and all fragments but the last are as long as some of them. */
const UNIT_BYTES = 8;
/** Most datagrams in fragments are little longer than one packet. */
const FIRST_BYTES = 2048;

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

/** One that is not whole yet. */
class Datagram {
  /** Of its first fragment. */
  readonly seconds: number;
  readonly #header: Uint8Array;
  #bytes = new Uint8Array(FIRST_BYTES);
  /** Of each unit, whether it is there. */
  readonly #has = new Uint8Array(Math.ceil(MAX_DATAGRAM_BYTES / UNIT_BYTES));
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
    this.#makeRoom(offset + payload.length);
    const first = offset / UNIT_BYTES;
    const end = first + Math.ceil(payload.length / UNIT_BYTES);
    for (let at = first; at < end;) {
      // As many units at a time as are there already, or are not.
      const isThere = this.#has[at] === 1;
      const found = this.#has.subarray(at, end).indexOf(isThere ? 0 : 1);
      const until = found === -1 ? end : at + found;
      if (!isThere) {
        const from = at * UNIT_BYTES;
        this.#bytes.set(payload.subarray(from - offset, until * UNIT_BYTES - offset), from);
        this.#has.fill(1, at, until);
        this.#unitsThere += until - at;
      }
      at = until;
    }
  }

  whole(): Uint8Array | null {
    const length = this.#length;
    const units = Math.ceil(length / UNIT_BYTES);
    // What lies beyond the end that the last one gave is counted, and none of it.
    if (length === -1 || this.#unitsThere < units || this.#has.subarray(0, units).includes(0)) return null;
    return Buffer.concat([this.#header, this.#bytes.subarray(0, length)]);
  }

  #makeRoom(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
