import { isBeneath } from '../../src/trace/event-kind.ts';
import { isCount } from '../../src/copy/count.ts';
import type { Direction, Half } from '../../src/poll/direction.ts';
import type { ExtendedValue } from '../../src/trace/extension.ts';
import type { Outcome, TraceEvent } from '../../src/trace/trace-event.ts';
import type { SideEntry, SideScript } from '../scenario/scenario.ts';
import { MAX_BYTES } from '../sim/run-limits.ts';
import { CALLS, type ScriptedCall } from '../sim/script.ts';
import { CallScript } from './call-script.ts';
import type { TimedEvent } from './rounds.ts';

/** A longer literal is made up by the seed instead: a document has no room for it. */
const MAX_LITERAL_BYTES = 16_384;
const SIDES = ['a', 'b'] as const;
type Side = (typeof SIDES)[number];

/** The calls of a side's write half. */
const WRITE_CALLS = ['write', 'flush', 'shutdown'] as const;

export interface RecordedScripts {
  readonly a: SideScript;
  readonly b: SideScript;
  /** What was taken for granted, each in a sentence. */
  readonly assumptions: readonly string[];
}

export interface RecordScriptsOptions {
  /** The first bytes of each direction, where they are known. */
  readonly payload: Readonly<Record<Direction, Uint8Array>>;
  /** Pending answers that woke at once were the task's budget, which refuses the replay as well. */
  readonly isBudgeted: boolean;
}

/** Makes of each side's recorded answers the script of that side. */
export function recordScripts(events: Iterable<TimedEvent>, options: RecordScriptsOptions): RecordedScripts {
  const recording = new Recording(options);
  for (const event of events) recording.add(event);
  return recording.finish();
}

/** What has been seen of a half since its latest call was recorded. */
interface HalfState {
  isRegistered: boolean;
  isWoken: boolean;
}

class Recording {
  readonly #options: RecordScriptsOptions;
  readonly #calls = { a: callScripts(), b: callScripts() };
  readonly #halves: Record<string, HalfState> = {};
  readonly #received = { a: 0, b: 0 };
  readonly #given = { a: 0, b: 0 };
  readonly #isOver = { a: false, b: false };
  /** Reads that were woken since the latest call was recorded: if that is a write to their side, by what it took. */
  #woken: { side: Side; atMs: number }[] = [];
  readonly #isAfterGap = { 'a -> b': false, 'b -> a': false };
  readonly #assumptions = new Set<string>();
  #stray = 0;
  #made = 0;

  constructor(options: RecordScriptsOptions) {
    this.#options = options;
  }

  add({ event, atMs, nextPollMs }: TimedEvent): void {
    const { kind, direction = 'a -> b', half = 'read' } = event;
    if (isBeneath(kind)) return;
    switch (kind) {
      case 'poll':
        // What registered and made no call was the copy itself, which yields.
        for (const state of Object.values(this.#halves)) state.isRegistered = state.isWoken = false;
        this.#settleWoken();
        break;
      case 'register':
        this.#half(direction, half).isRegistered = true;
        break;
      case 'wake':
        this.#wake(direction, half, nextPollMs);
        break;
      case 'read':
      case 'write':
      case 'flush':
      case 'shutdown':
        this.#call(event, kind, direction, atMs);
        break;
      case 'gap':
        this.#settleWoken();
        this.#gap(event, atMs);
        break;
      case 'loop':
      case 'state':
      case 'fault':
      case 'verdict':
      case 'extension':
        break;
    }
  }

  finish(): RecordedScripts {
    this.#settleWoken();
    for (const side of SIDES) for (const call of CALLS) this.#calls[side][call].end(this.#isOver[side]);
    if (this.#stray > 0)
      this.#assumptions.add(`${this.#stray} wakes came to halves that did not wait: they are left out`);
    for (const side of SIDES)
      if (this.#given[side] > MAX_BYTES)
        this.#assumptions.add(
          `${side} gave ${this.#given[side]} bytes in the record: the replay ends, unfinished, after ${MAX_BYTES}`,
        );
    if (this.#made > 0)
      this.#assumptions.add(`the trace has not the payload of ${this.#made} bytes that were read: they are made up`);
    return { a: this.#script('a'), b: this.#script('b'), assumptions: [...this.#assumptions] };
  }

  #script(side: Side): SideScript {
    const script: { [call in ScriptedCall]?: readonly SideEntry[] } = {};
    for (const call of CALLS) {
      const { entries } = this.#calls[side][call];
      // What is used up does the same.
      if (call !== 'read') while (isDefault(entries.at(-1))) entries.pop();
      if (entries.length > 0) script[call] = entries;
    }
    return script;
  }

  #wake(direction: Direction, half: Half, atMs: number): void {
    const state = this.#half(direction, half);
    const side = sideOf(direction, half);
    if (half === 'read') {
      if (state.isRegistered) state.isWoken = true;
      else this.#woken.push({ side, atMs });
      return;
    }
    // Within a call that is about to say Pending.
    if (state.isRegistered) {
      state.isWoken = true;
      return;
    }
    let isWaiting = false;
    for (const call of WRITE_CALLS) isWaiting = this.#calls[side][call].woken(atMs, false) || isWaiting;
    // Within such a call that registers only now, or nobody's.
    state.isWoken = !isWaiting;
  }

  /**
   * Reads that were woken, by a write to their side or by something else. Returns whether that of `reading` was without
   * having waited: it is about to say Pending, and has woken itself first.
   */
  #settleWoken(writing: Side | null = null, reading: Side | null = null): boolean {
    let isOwn = false;
    for (const { side, atMs } of this.#woken) {
      if (this.#calls[side].read.woken(atMs, side === writing)) continue;
      if (side === reading) isOwn = true;
      else this.#stray += 1;
    }
    if (this.#woken.length > 0) this.#woken = [];
    return isOwn;
  }

  #call(event: TraceEvent, call: ScriptedCall, direction: Direction, atMs: number): void {
    const half = call === 'read' ? 'read' : 'write';
    const side = sideOf(direction, half);
    const state = this.#half(direction, half);
    const { n = 0 } = event;
    if (call === 'write') {
      this.#bridge(direction, event, atMs);
      this.#took(side, event, atMs);
    }
    const isOwn = this.#settleWoken(call === 'write' ? side : null, call === 'read' ? side : null);
    const script = this.#calls[side][call];
    const { isRegistered } = state;
    const isWoken = state.isWoken || isOwn;
    state.isRegistered = state.isWoken = false;
    if (n === 'pending') {
      if (isWoken && this.#options.isBudgeted && (call === 'read' || call === 'write')) return;
      script.pending(atMs, isRegistered, isWoken);
      return;
    }
    if (typeof n === 'object' && n.type === 'bigint') {
      // A copy cannot compute with it, and throws.
      this.#assumptions.add(`a ${call} of ${side} returned a bigint: in the replay it fails`);
      script.answer('e', atMs);
    } else if (n === 'failed') script.answer('e', atMs);
    else if (call === 'read') script.answer(this.#readEntry(side, n, event), atMs);
    else if (call === 'write') script.answer(this.#writeEntry(side, n, event), atMs);
    else script.answer(n === 0 ? 0 : { returns: extended(n) }, atMs);
    if (call === 'read' && (n === 0 || n === 'failed')) this.#isOver[side] = true;
  }

  #took(side: Side, { n = 0, offered = 0 }: TraceEvent, atMs: number): void {
    if (n === 'pending' || n === 'failed' || typeof offered !== 'number') return;
    const took = typeof n !== 'number' ? offered : Math.min(Math.max(0, n), offered);
    if (took === 0) return;
    this.#received[side] += took;
    this.#calls[side].read.got(this.#received[side], atMs);
  }

  #readEntry(side: Side, n: Exclude<Outcome, 'pending' | 'failed'>, { offered }: TraceEvent): SideEntry {
    if (!isCount(n, 0, typeof offered === 'number' ? offered : 0) || typeof n !== 'number') {
      this.#assumptions.add(`a read of ${side} returned ${spelled(n)}: so does the replay, as often as it did`);
      return { returns: extended(n) };
    }
    if (n === 0) return 0;
    const from = this.#given[side];
    this.#given[side] = from + n;
    const payload = this.#options.payload[side === 'a' ? 'a -> b' : 'b -> a'];
    if (from + n > payload.length || n > MAX_LITERAL_BYTES) {
      this.#made += n;
      return { bytes: n };
    }
    return literal(payload.subarray(from, from + n));
  }

  #writeEntry(side: Side, n: Exclude<Outcome, 'pending' | 'failed'>, { offered }: TraceEvent): SideEntry {
    if (n === 0) return 'z';
    if (typeof n !== 'number' || typeof offered !== 'number' || n < 0) {
      this.#assumptions.add(
        `a write of ${side} returned ${spelled(n)}: so does the replay, and has taken what that can mean`,
      );
      return { returns: extended(n) };
    }
    if (n < offered) return n;
    if (n > offered)
      this.#assumptions.add(
        `a write of ${side} reported ${n} of ${offered} bytes: in the replay it reports ${n - offered} more than it is offered, whatever that is`,
      );
    return { d: n - offered };
  }

  /** Records are missing: what was under way is taken to have gone through. */
  #gap({ n }: TraceEvent, atMs: number): void {
    this.#assumptions.add(
      `${typeof n === 'number' ? n : 0} records are missing: the replay goes on after them as if what they moved had not been`,
    );
    for (const direction of ['a -> b', 'b -> a'] as const) {
      const [from, to] = direction === 'a -> b' ? (['a', 'b'] as const) : (['b', 'a'] as const);
      for (const call of CALLS) this.#calls[from][call].woken(atMs, false);
      const underWay = this.#given[from] - this.#received[to];
      if (underWay > 0) {
        this.#calls[to].write.answer({ d: 0 }, atMs);
        this.#received[to] += underWay;
        this.#calls[to].read.got(this.#received[to], atMs);
      }
      this.#isAfterGap[direction] = true;
    }
  }

  /** The first write after a gap offers what was read within it. */
  #bridge(direction: Direction, { offered }: TraceEvent, atMs: number): void {
    if (!this.#isAfterGap[direction]) return;
    this.#isAfterGap[direction] = false;
    const [from, to] = direction === 'a -> b' ? (['a', 'b'] as const) : (['b', 'a'] as const);
    const unread = (typeof offered === 'number' ? offered : 0) - (this.#given[from] - this.#received[to]);
    if (unread <= 0) return;
    this.#given[from] += unread;
    this.#made += unread;
    this.#calls[from].read.answer({ bytes: unread }, atMs);
  }

  #half(direction: Direction, half: Half): HalfState {
    return (this.#halves[`${direction} ${half}`] ??= { isRegistered: false, isWoken: false });
  }
}

function callScripts(): Record<ScriptedCall, CallScript> {
  return {
    read: new CallScript(true),
    write: new CallScript(false),
    flush: new CallScript(false),
    shutdown: new CallScript(false),
  };
}

/** Whose stream it is that a half of a direction calls. */
function sideOf(direction: Direction, half: Half): Side {
  return (direction === 'a -> b') === (half === 'read') ? 'a' : 'b';
}

function isDefault(entry: SideEntry | undefined): boolean {
  return entry === 0 || (typeof entry === 'object' && 'd' in entry && entry.d === 0);
}

function literal(bytes: Uint8Array): SideEntry {
  const text = Buffer.from(bytes).toString();
  // What is no text, or has what would not be seen in a document, is written as digits.
  return /^[\t\n\r\u0020-\u007e\u00a0-\uffff]*$/u.test(text) && Buffer.from(text).equals(bytes)
    ? { text }
    : { hex: Buffer.from(bytes).toString('hex') };
}

function extended(n: Exclude<Outcome, 'pending' | 'failed'>): ExtendedValue {
  return typeof n === 'number' ? { type: 'number', value: n } : n;
}

function spelled(n: Exclude<Outcome, 'pending' | 'failed'>): string {
  return typeof n === 'number' ? String(n) : n.type === 'number' ? String(n.value) : `${n.type} ${n.value}`.trim();
}
