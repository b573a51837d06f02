import { invariant } from '../../src/errors.ts';

/**
 * A model of the window of a stream of HTTP/2, QUIC or yamux: so many bytes its peer may have sent that were not given back. What the
 * application takes is given back, and so has to be what nobody takes.
 */
export class CreditWindow {
  readonly #bytes: number;
  #used = 0;
  #owed = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** What the peer may still send. */
  get left(): number {
    return this.#bytes - this.#used;
  }

  /** What is gone and was not given back. */
  get owed(): number {
    return this.#owed;
  }

  /** So many bytes have come. */
  arrive(bytes: number): void {
    this.#used += bytes;
    this.#invariants();
  }

  /** So many of them are gone, and the peer may send as many again. */
  giveBack(bytes: number): void {
    this.#used -= bytes;
    this.#invariants();
  }

  /** So many of them are gone, and nobody tells the peer. */
  forget(bytes: number): void {
    this.#owed += bytes;
    this.#invariants();
  }

  #invariants(): void {
    invariant(
      this.#owed <= this.#used && this.#used <= this.#bytes,
      `Window out of step: ${this.#owed} owed of ${this.#used} used of ${this.#bytes}`,
    );
  }
}
