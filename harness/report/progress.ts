import type { Output } from '../io.ts';
import { thousands } from './format-number.ts';

/** Nothing is said of less: it is over before anybody wonders. */
const FIRST_AT = 2_000_000;
const EVERY = 500_000;

/** Says on a terminal's standard error how far long work has come, and takes it away again. */
export class Progress {
  readonly #output: Output;
  readonly #what: string;
  #next: number;

  /** @param firstAt how much goes by before the first word. */
  constructor(output: Output, what: string, firstAt = FIRST_AT) {
    this.#output = output;
    this.#what = what;
    this.#next = firstAt;
  }

  at(count: number): void {
    if (count < this.#next || !this.#output.isTTY) return;
    this.#output.write(`\r\u{1b}[K${thousands(count)} ${this.#what}`);
    this.#next = count + EVERY;
  }

  clear(): void {
    if (this.#output.isTTY) this.#output.write('\r\u{1b}[K');
  }
}
