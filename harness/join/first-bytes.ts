/** Keeps the first bytes of a stream, up to a number. */
export class FirstBytes {
  readonly #most: number;
  #kept: Uint8Array = new Uint8Array(0);
  /** Bytes are missing: what comes later has another place. */
  #isBroken = false;

  constructor(most: number) {
    this.#most = most;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const room = Math.min(end - start, this.#most - this.#kept.length);
    if (this.#isBroken || room <= 0) return;
    this.#kept = Buffer.concat([this.#kept, bytes.subarray(start, start + room)]);
  }

  skip(): void {
    this.#isBroken = true;
  }

  get bytes(): Uint8Array {
    return this.#kept;
  }
}
