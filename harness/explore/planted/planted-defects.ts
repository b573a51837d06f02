import type { PlantedDefect } from './planted-defect.ts';

const BUFFER = 'src/copy/copy-buffer.ts';
const TRANSFER = 'src/copy/transfer.ts';
const COPY = 'src/copy/bidirectional-copy.ts';
const CONTEXT = 'src/copy/half-context.ts';

/** What has gone wrong in copies before, and what nearly did in this one. */
export const PLANTED_DEFECTS: readonly PlantedDefect[] = [
  {
    name: 'pos-ignored',
    summary: 'after a short write the whole buffer is offered again',
    file: BUFFER,
    find: 'writer.pollWrite(writeContext, buf, this.#base + start, this.#base + this.cap, this.#given)',
    replace: 'writer.pollWrite(writeContext, buf, this.#base, this.#base + this.cap - start, this.#given)',
  },
  {
    name: 'cap-one-short',
    summary: 'the last byte of a long read is forgotten',
    file: BUFFER,
    find: 'this.cap = from + n;',
    replace: 'this.cap = from + (n > 64 ? n - 1 : n);',
  },
  {
    name: 'pos-one-behind',
    summary: 'a write of more than one byte moves on by one too few',
    file: BUFFER,
    find: 'this.pos += n;',
    replace: 'this.pos += n > 1 ? n - 1 : n;',
  },
  {
    name: 'amount-counted-twice',
    summary: 'the bytes of a write that comes after another are counted twice',
    file: BUFFER,
    find: 'this.amt += n;',
    replace: 'this.amt += this.needFlush ? 2 * n : n;',
  },
  {
    name: 'pending-write-dropped',
    summary: 'a write that is Pending is taken for one that was done',
    file: BUFFER,
    find: 'if (dialect.topsUp && !this.readDone && this.cap < this.#len) this.#read();',
    replace: 'this.pos = this.cap;',
  },
  {
    name: 'end-not-remembered',
    summary: 'the reader is asked again after its end',
    file: BUFFER,
    find: 'this.#madeProgress = true;\n    if (n === 0) {\n      this.readDone = true;',
    replace: 'this.#madeProgress = true;\n    if (n === 0) {\n      this.readDone = this.pos > 0;',
  },
  {
    name: 'no-flush-when-idle',
    summary: 'a writer is not flushed when its reader has nothing more',
    file: BUFFER,
    find: 'if (this.#ends.dialect.flushesWhenIdle && this.needFlush',
    replace: 'if (this.#ends.dialect.flushesWhenIdle && this.readDone && this.needFlush',
  },
  {
    name: 'need-flush-forgotten',
    summary: 'only a long write remembers that it has to be flushed',
    file: BUFFER,
    find: 'this.needFlush = true;',
    replace: 'this.needFlush = n > 64;',
  },
  {
    name: 'no-flush-when-blocked',
    summary: 'a writer that takes more only after a flush is not flushed',
    file: BUFFER,
    find: 'if (dialect.flushesWhenBlocked && this.needFlush && this.#flush() !== PENDING) {',
    replace: 'if (dialect.flushesWhenBlocked && this.needFlush && this.readDone && this.#flush() !== PENDING) {',
    faults: ['needs-flush', 'short', 'late'],
  },
  {
    name: 'yield-without-wake',
    summary: 'a direction that yields does not wake itself',
    file: BUFFER,
    find: 'this.#ends.readContext.register().wake();',
    replace: 'this.#ends.readContext.register();',
  },
  {
    name: 'write-error-swallowed',
    summary: 'a write that fails is taken for one that is Pending',
    file: BUFFER,
    find: "throw this.#failed(WRITE, 'write', cause);",
    replace: 'return PENDING;',
  },
  {
    name: 'append-at-the-front',
    summary: 'a top-up read overwrites what is still to be written',
    file: BUFFER,
    find: 'const from = appends ? this.cap : 0;',
    replace: 'const from = appends && this.pos > 0 ? this.pos : appends ? this.cap : 0;',
    dialect: 'tokio-1.53.1',
    faults: ['short', 'late'],
  },
  {
    name: 'shutdown-not-awaited',
    summary: 'a shutdown that is Pending is taken for one that is done',
    file: TRANSFER,
    find: 'if (this.#shutdown() === PENDING) return PENDING;',
    replace: 'this.#shutdown();',
  },
  {
    name: 'end-not-passed-on',
    summary: 'a direction of which nothing came is not shut down',
    file: TRANSFER,
    find: "this.#become({ kind: 'shutting-down', amt: this.#buffer.amt });",
    replace: "this.#become({ kind: this.#buffer.amt === 0 ? 'done' : 'shutting-down', amt: this.#buffer.amt });",
  },
  {
    name: 'shutdown-twice',
    summary: 'a direction that is done is shut down once more when it is polled',
    file: TRANSFER,
    find: "case 'done':\n          return 0;",
    replace: "case 'done':\n          this.#shutdown();\n          return 0;",
  },
  {
    name: 'one-end-is-enough',
    summary: 'the copy is complete when one direction is',
    file: COPY,
    find: 'if (one === PENDING || other === PENDING) return false;',
    replace: 'if (one === PENDING && other === PENDING) return false;',
  },
  {
    name: 'second-waits-for-first',
    summary: 'a direction is polled only when the other is done',
    file: COPY,
    find: 'const other = second.poll();',
    replace: 'const other = one === PENDING ? PENDING : second.poll();',
  },
  {
    name: 'writers-wake-nobody',
    summary: 'a wake of a write half is lost',
    file: CONTEXT,
    find: 'this.#wake();',
    replace: "if (this.half === 'read') this.#wake();",
  },
  {
    name: 'second-wake-lost',
    summary: 'a wake that comes to b -> a is lost',
    file: CONTEXT,
    find: 'if (this.#recorder !== null) this.#recorder.event(WAKE',
    replace:
      "if (this.direction === 'b -> a' && this.half === 'read') return;\n    if (this.#recorder !== null) this.#recorder.event(WAKE",
  },
];
