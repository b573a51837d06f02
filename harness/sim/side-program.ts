import { RelayscopeError } from '../../src/errors.ts';
import type { SideEntry, SideScript } from '../scenario/scenario.ts';
import { oddAnswer } from './odd-answer.ts';
import { CALLS, type ScriptedCall } from './script.ts';

/** The entries of a script as numbers, for the loop of a run. */
export const Op = {
  COUNT: 0,
  DELTA: 1,
  WAKE: 2,
  SILENT: 3,
  ERROR: 4,
  ZERO: 5,
  LITERAL: 6,
  WAIT: 7,
  RECEIVED: 8,
  USED_UP: 9,
  BYTES: 10,
  RETURNS: 11,
} as const;

const WORD_OPS = { p: Op.WAKE, x: Op.SILENT, e: Op.ERROR, z: Op.ZERO } as const;

/** What one kind of call answers, entry by entry. */
export interface CallProgram {
  readonly ops: Uint8Array;
  /** A count, a difference, milliseconds, or the number of a literal or of an answer. */
  readonly args: Float64Array;
  /** `received`: milliseconds after that; −1: at once. */
  readonly delays: Float64Array | null;
  readonly literals: readonly Uint8Array[];
  /** What is no count, as it is returned. */
  readonly answers: readonly unknown[];
}

/** A side's script, made ready once for any number of runs. */
export type SideProgram = Readonly<Record<ScriptedCall, CallProgram>> & {
  /** It gives bytes that the script names, beside those that the seed makes up. */
  readonly hasLiterals: boolean;
  /** It may say that it has read more than it gave. */
  readonly claimsTooMuch: boolean;
};

/** Throws SCRIPT_MALFORMED for an entry that its call cannot answer with. */
export function compileSide(script: SideScript): SideProgram {
  const [read, write, flush, shutdown] = CALLS.map((call) => compile(script[call] ?? [], call));
  const empty = compile([], 'read');
  return {
    read: read ?? empty,
    write: write ?? empty,
    flush: flush ?? empty,
    shutdown: shutdown ?? empty,
    hasLiterals: read !== undefined && read.literals.length > 0,
    claimsTooMuch: read !== undefined && (read.ops.includes(Op.DELTA) || read.ops.includes(Op.RETURNS)),
  };
}

/** An entry that says which bytes are read. */
type BytesEntry = Extract<SideEntry, { text: string } | { hex: string } | { literal: Uint8Array }>;

function compile(entries: readonly SideEntry[], call: ScriptedCall): CallProgram {
  // One more, at which a cursor stays: to look beyond the end of an array is slow.
  const ops = new Uint8Array(entries.length + 1).fill(Op.USED_UP, entries.length);
  const args = new Float64Array(entries.length + 1);
  const literals: Uint8Array[] = [];
  const answers: unknown[] = [];
  let delays: Float64Array | null = null;
  for (const [index, entry] of entries.entries()) {
    if (typeof entry === 'number') args[index] = entry;
    else if (typeof entry === 'string') ops[index] = WORD_OPS[entry];
    else if ('d' in entry) [ops[index], args[index]] = [Op.DELTA, entry.d];
    else if ('received' in entry) {
      [ops[index], args[index]] = [Op.RECEIVED, entry.received];
      if (entry.waitMs !== undefined) (delays ??= new Float64Array(ops.length).fill(-1))[index] = entry.waitMs;
    } else if ('waitMs' in entry) [ops[index], args[index]] = [Op.WAIT, entry.waitMs];
    else if ('returns' in entry) {
      [ops[index], args[index]] = [Op.RETURNS, answers.length];
      answers.push(oddAnswer(entry.returns));
    } else {
      if (call !== 'read') throw malformed(call, index, entry);
      // Whoever reads documents has put the file's bytes there.
      if ('file' in entry) throw malformed(call, index, entry);
      if ('bytes' in entry) [ops[index], args[index]] = [Op.BYTES, entry.bytes];
      else {
        [ops[index], args[index]] = [Op.LITERAL, literals.length];
        literals.push(literalOf(entry));
      }
    }
  }
  return { ops, args, delays, literals, answers };
}

function literalOf(entry: BytesEntry): Uint8Array {
  if ('literal' in entry) return entry.literal;
  return 'text' in entry ? Buffer.from(entry.text) : Buffer.from(entry.hex, 'hex');
}

function malformed(call: ScriptedCall, index: number, entry: SideEntry): RelayscopeError {
  return new RelayscopeError(
    'SCRIPT_MALFORMED',
    `Malformed script at ${call}[${index}]: expected bytes only under read, got ${JSON.stringify(entry)}`,
  );
}
