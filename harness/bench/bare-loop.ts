const PENDING = -1;
const RECORDS = 4096;
const [POLL, READ, WRITE, SHUTDOWN] = [1, 2, 3, 5];

type RecordEvent = (kind: number, pos: number, cap: number, n: number) => void;

/** One direction, with what it reads given as numbers. */
class BareHalf {
  readonly #script: readonly number[];
  readonly #source: Uint8Array;
  readonly #buffer: Uint8Array;
  /** The part of the buffer that a read fills, made once. */
  readonly #part: Uint8Array;
  readonly #sink: Uint8Array;
  readonly #record: RecordEvent;
  #step = 0;
  #pos = 0;
  #cap = 0;
  #isDone = false;

  constructor(bytes: number, script: readonly number[], record: RecordEvent) {
    this.#script = script;
    this.#source = new Uint8Array(bytes).fill(7);
    this.#buffer = new Uint8Array(8192);
    this.#part = this.#buffer.subarray(0, bytes);
    this.#sink = new Uint8Array(8192);
    this.#record = record;
  }

  reset(): void {
    this.#step = 0;
    this.#isDone = false;
  }

  poll(): boolean {
    while (!this.#isDone) {
      const n = this.#script[this.#step] ?? 0;
      this.#step += 1;
      if (n === PENDING) return false;
      if (n > 0) this.#buffer.set(this.#source);
      this.#record(READ, this.#pos, this.#cap, n);
      if (n === 0) {
        this.#isDone = true;
        this.#record(SHUTDOWN, 0, 0, 0);
        break;
      }
      this.#cap = n;
      this.#sink.set(this.#part);
      this.#pos = n;
      this.#record(WRITE, this.#pos, this.#cap, n);
    }
    return true;
  }
}

/**
 * What somebody would write who needs only this: two scripts of numbers, the same bytes each time, moved by one `set` for a read
 * and one for a write, eleven records of eight words. No streams behind an interface, no wakers, no dialects, no errors, no
 * ledger; nothing is checked. Returns a function that makes one run and says how many polls it took.
 */
export function bareLoop(): () => number {
  const words = new Int32Array(RECORDS * 8);
  let next = 0;
  const record = (kind: number, pos: number, cap: number, n: number): void => {
    words[next] = kind;
    words[next + 1] = 1;
    words[next + 2] = pos;
    words[next + 3] = cap;
    words[next + 4] = n;
    words[next + 5] = 0;
    words[next + 6] = 0;
    words[next + 7] = 0;
    next += 8;
  };
  const up = new BareHalf(68, [68, PENDING, PENDING, 0], record);
  const down = new BareHalf(302, [PENDING, 302, 0], record);
  return () => {
    next = 0;
    up.reset();
    down.reset();
    for (let polls = 1; ; polls += 1) {
      record(POLL, 0, 0, polls);
      const [isUpDone, isDownDone] = [up.poll(), down.poll()];
      if (isUpDone && isDownDone) return polls;
    }
  };
}
