import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { SideScript } from '../scenario/scenario.ts';
import { Ledger } from './ledger.ts';
import { Scheduler } from './scheduler.ts';
import type { ScriptedCall } from './script.ts';
import { compileSide, Op } from './side-program.ts';
import { SimStream } from './sim-stream.ts';

/** One call that a stream got: `['poll', 1]`, `['a', 'read', 8192, 68]`, `['b', 'flush', 'ok']`. */
export type Call = readonly (string | number)[];

/** A scripted stream that stands alone, without a world around it, and notes each call in the words of recorded calls. */
export class ScriptedStream implements PollStream {
  readonly #name: string;
  readonly #calls: Call[];
  readonly #inner: SimStream;

  /** @param calls is where the calls are noted; both streams of a run share one list. */
  constructor(name: string, script: SideScript, calls: Call[]) {
    this.#name = name;
    this.#calls = calls;
    const ledgers = { source: new Ledger('a -> b'), sink: new Ledger('b -> a') };
    const program = compileSide(script);
    ledgers.source.reset(0, program.hasLiterals);
    this.#inner = new SimStream(name, ledgers, program, new Scheduler());
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#note('read', [end - start], () => this.#inner.pollRead(cx, bytes, start, end));
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#note('write', [end - start], () => this.#inner.pollWrite(cx, bytes, start, end));
  }

  pollFlush(cx: Context): number {
    return this.#note('flush', [], () => this.#inner.pollFlush(cx));
  }

  pollShutdown(cx: Context): number {
    return this.#note('shutdown', [], () => this.#inner.pollShutdown(cx));
  }

  #note(call: ScriptedCall, size: readonly number[], poll: () => number): number {
    try {
      const n = poll();
      const isDone = call === 'flush' || call === 'shutdown' ? 'ok' : n;
      const result = n === PENDING ? (this.#inner.op === Op.SILENT ? 'x' : 'p') : isDone;
      this.#calls.push([this.#name, call, ...size, result]);
      return n;
    } catch (error) {
      this.#calls.push([this.#name, call, ...size, 'e']);
      throw error;
    }
  }
}
