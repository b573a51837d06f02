import type { Direction } from '../poll/direction.ts';
import type { RecorderNotes } from './recorder-notes.ts';

/** How much of the bytes that went through is kept. Nothing is, unless it is asked for. */
export interface PayloadOptions {
  /**
   * `full`: the bytes as they went through. `redacted`: as many stand-ins, `x` for every byte but line breaks (CR, LF).
   */
  readonly level: 'full' | 'redacted';
  /** How many of the first bytes of each direction of each connection. Default: 65536. */
  readonly bytesPerDirection?: number;
}

export const DEFAULT_PAYLOAD_BYTES = 65_536;

const [LF, CR, STAND_IN] = [0x0a, 0x0d, 0x78];

/** Keeps the first bytes that the writers of a copy took, and passes them on as notes of the recorder. */
export class PayloadRecorder {
  readonly #notes: RecorderNotes;
  readonly #redacted: boolean;
  readonly #limit: number;
  /** Bytes taken so far, a -> b and b -> a, of each connection that is open. */
  readonly #taken = new Map<number, [number, number]>();

  constructor(notes: RecorderNotes, { level, bytesPerDirection = DEFAULT_PAYLOAD_BYTES }: PayloadOptions) {
    this.#notes = notes;
    this.#redacted = level === 'redacted';
    this.#limit = bytesPerDirection;
  }

  /** A copy of what is about to be offered, as far as it would be kept; null if nothing would. */
  offer(connection: number, direction: Direction, bytes: Uint8Array, start: number, end: number): Uint8Array | null {
    const room = this.#limit - this.#of(connection)[indexOf(direction)];
    if (room <= 0 || !(end > start)) return null;
    // Not `bytes.slice`: that of a Buffer is no copy, and redacting it would change what goes through.
    return new Uint8Array(bytes.subarray(start, Math.min(end, start + room)));
  }

  /** What the writer then took of it: at most what was offered, whatever it says. */
  took(connection: number, direction: Direction, offered: Uint8Array | null, n: number): void {
    if (offered === null || !(n > 0)) return;
    const taken = this.#of(connection);
    const offset = taken[indexOf(direction)];
    const bytes = n < offered.byteLength ? offered.slice(0, n) : offered;
    taken[indexOf(direction)] = offset + bytes.byteLength;
    this.#taken.set(connection, taken);
    if (this.#redacted) redact(bytes);
    this.#notes.payload({ connection, direction, offset, bytes, redacted: this.#redacted });
  }

  /** The connection is over. */
  forget(connection: number): void {
    this.#taken.delete(connection);
  }

  #of(connection: number): [number, number] {
    return this.#taken.get(connection) ?? [0, 0];
  }
}

function indexOf(direction: Direction): 0 | 1 {
  return direction === 'a -> b' ? 0 : 1;
}

function redact(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.byteLength; i += 1) if (bytes[i] !== LF && bytes[i] !== CR) bytes[i] = STAND_IN;
}
