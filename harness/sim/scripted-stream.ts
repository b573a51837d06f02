import type { Context } from '../../src/poll/context.ts';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { Script, ScriptedCall, ScriptEntry } from './script.ts';

/** One call that a stream got: `['poll', 1]`, `['a', 'read', 8192, 68]`, `['b', 'flush', 'ok']`. */
export type Call = readonly (string | number)[];

/** What an `'e'` entry throws. */
export class ScriptedError extends Error {
  override readonly name = 'ScriptedError';
}

/** A stream that answers each call with the next entry of its script, and notes the call. */
export class ScriptedStream implements PollStream {
  readonly #name: string;
  readonly #calls: Call[];
  readonly #script: Script;
  readonly #next = { read: 0, write: 0, flush: 0, shutdown: 0 };

  /** @param calls is where the calls are noted; both streams of a run share one list. */
  constructor(name: string, script: Script, calls: Call[]) {
    this.#name = name;
    this.#script = script;
    this.#calls = calls;
  }

  pollRead(cx: Context, _bytes: Uint8Array, start: number, end: number): number {
    const room = end - start;
    return this.#answer(cx, 'read', [room], this.#take('read') ?? 0, room);
  }

  pollWrite(cx: Context, _bytes: Uint8Array, start: number, end: number): number {
    const offered = end - start;
    return this.#answer(cx, 'write', [offered], this.#take('write') ?? offered, offered);
  }

  pollFlush(cx: Context): number {
    return this.#answer(cx, 'flush', [], this.#take('flush') ?? 0, 0);
  }

  pollShutdown(cx: Context): number {
    return this.#answer(cx, 'shutdown', [], this.#take('shutdown') ?? 0, 0);
  }

  #take(call: ScriptedCall): ScriptEntry | undefined {
    const entry = this.#script[call]?.[this.#next[call]];
    this.#next[call] += 1;
    return entry;
  }

  #answer(cx: Context, call: ScriptedCall, size: readonly number[], entry: ScriptEntry, most: number): number {
    const note = (result: string | number): void => {
      this.#calls.push([this.#name, call, ...size, result]);
    };
    switch (entry) {
      case 'p':
        note(entry);
        cx.register().wake();
        return PENDING;
      case 'x':
        note(entry);
        return PENDING;
      case 'e':
        note(entry);
        throw new ScriptedError(`Scripted error of ${this.#name}, ${call}`);
      case 'z':
        note(0);
        return 0;
      default: {
        const n = typeof entry === 'number' ? Math.min(entry, most) : Math.max(0, most + entry.d);
        note(call === 'flush' || call === 'shutdown' ? 'ok' : n);
        return n;
      }
    }
  }
}
