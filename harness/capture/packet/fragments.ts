/** Datagrams of which fragments are missing, at a time. The oldest gives way. */
const MAX_DATAGRAMS = 256;
/** As long as the payload of an IP datagram can be. */
const MAX_DATAGRAM_BYTES = 65_535;
/** A datagram whose fragments come further apart is not put together: RFC 791 and RFC 8200 say 60 s at most. */
const MAX_AGE_S = 60;

/** One fragment, with what tells whose it is. */
export interface Fragment {
  /** Addresses, protocol and identification, as bytes of the header: the same for all fragments of a datagram. */
  readonly key: string;
  /** What the whole datagram begins with: its header, without extensions. */
  readonly header: Uint8Array;
  /** Of the payload, in bytes. */
  readonly offset: number;
  readonly payload: Uint8Array;
  readonly isLast: boolean;
  readonly seconds: number;
}

interface Datagram {
  readonly header: Uint8Array;
  readonly bytes: Uint8Array;
  /** Which bytes are there. */
  readonly has: Uint8Array;
  /** How many bytes are there. */
  there: number;
  length: number | null;
  readonly seconds: number;
}

/** Puts fragments of IP together, in bounded memory. Where they overlap the first one counts. */
export class Fragments {
  readonly #datagrams = new Map<string, Datagram>();

  /** The whole datagram, header first, once this fragment was the last that was missing; else null. */
  add({ key, header, offset, payload, isLast, seconds }: Fragment): Uint8Array | null {
    if (offset + payload.length > MAX_DATAGRAM_BYTES) return null;
    const datagram = this.#datagram(key, header, seconds);
    for (const [index, byte] of payload.entries()) {
      if (datagram.has[offset + index] === 1) continue;
      datagram.has[offset + index] = 1;
      datagram.bytes[offset + index] = byte;
      datagram.there += 1;
    }
    if (isLast) datagram.length ??= offset + payload.length;
    // Counted as there: what lies beyond the end that the last one gave is none of it.
    const { has, length } = datagram;
    if (length === null || datagram.there < length || has.subarray(0, length).includes(0)) return null;
    this.#datagrams.delete(key);
    return Buffer.concat([datagram.header, datagram.bytes.subarray(0, length)]);
  }

  #datagram(key: string, header: Uint8Array, seconds: number): Datagram {
    const known = this.#datagrams.get(key);
    if (known !== undefined && Math.abs(seconds - known.seconds) <= MAX_AGE_S) return known;
    const fresh = {
      header: Uint8Array.from(header),
      bytes: new Uint8Array(MAX_DATAGRAM_BYTES),
      has: new Uint8Array(MAX_DATAGRAM_BYTES),
      there: 0,
      length: null,
      seconds,
    };
    this.#datagrams.delete(key);
    this.#datagrams.set(key, fresh);
    if (this.#datagrams.size > MAX_DATAGRAMS) {
      const [oldest] = this.#datagrams.keys();
      if (oldest !== undefined) this.#datagrams.delete(oldest);
    }
    return fresh;
  }
}
