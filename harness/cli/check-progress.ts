import { thousands } from '../report/format-number.ts';
import type { Output } from '../io.ts';

/** Nothing is said of fewer cases: they are over before anybody wonders. */
const FIRST_AT = 200;
const EVERY = 50;

/** Says on a terminal's standard error how many cases have been run, and takes it away again. */
export class CheckProgress {
  readonly #output: Output;
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  at(count: number): void {
    if (!this.#output.isTTY || count < FIRST_AT || count % EVERY !== 0) return;
    this.#output.write(`\r\u{1b}[K${thousands(count)} cases`);
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) this.#output.write('\r\u{1b}[K');
    this.#isShown = false;
  }
}
