import { RelayscopeError } from '../../src/errors.ts';

/**
 * What a scripted stream answers, call by call; fixtures/tokio/ is written in it.
 *
 * | entry      | read                            | write                    | flush, shutdown |
 * |------------|---------------------------------|--------------------------|-----------------|
 * | number n   | min(n, room) bytes; 0: the end  | min(n, offered)          | done            |
 * | `{ d: k }` | –                               | max(0, offered + k)      | –               |
 * | `'p'`      | Pending, after waking the task  | same                     | same            |
 * | `'x'`      | Pending, nothing registered     | same                     | same            |
 * | `'e'`      | error                           | error                    | error           |
 * | `'z'`      | –                               | 0                        | –               |
 * | used up    | the end of the stream           | all that is offered      | done            |
 */
export interface Script {
  readonly read?: readonly ScriptEntry[];
  readonly write?: readonly ScriptEntry[];
  readonly flush?: readonly ScriptEntry[];
  readonly shutdown?: readonly ScriptEntry[];
}

export type ScriptEntry = number | 'p' | 'x' | 'e' | 'z' | { readonly d: number };

/** What can be scripted, and the words each may use. */
const WORDS = { read: ['p', 'x', 'e'], write: ['p', 'x', 'e', 'z'], flush: ['p', 'x', 'e'], shutdown: ['p', 'x', 'e'] };
export type ScriptedCall = keyof typeof WORDS;
export const CALLS = Object.keys(WORDS) as ScriptedCall[];

/** Longer lists are refused: a script is written by a person, or recorded from a short run. */
const MAX_ENTRIES = 1_000_000;

/** Reads one side's script out of a document. Throws SCRIPT_MALFORMED with the path of what is wrong. */
export function parseScript(value: unknown, path: string): Script {
  if (!isRecord(value)) throw malformed(path, 'an object', value);
  for (const key of Object.keys(value)) {
    if (!CALLS.some((call) => call === key)) throw malformed(`${path}.${key}`, `one of ${CALLS.join(', ')}`, key);
  }
  const script: { [call in ScriptedCall]?: readonly ScriptEntry[] } = {};
  for (const call of CALLS) {
    const entries = value[call];
    if (entries === undefined) continue;
    if (!Array.isArray(entries) || entries.length > MAX_ENTRIES) {
      throw malformed(`${path}.${call}`, `a list of at most ${MAX_ENTRIES} entries`, entries);
    }
    script[call] = entries.map((entry: unknown, index) => parseEntry(entry, call, `${path}.${call}[${index}]`));
  }
  return script;
}

function parseEntry(entry: unknown, call: ScriptedCall, path: string): ScriptEntry {
  if (typeof entry === 'number' && Number.isSafeInteger(entry) && entry >= 0) return entry;
  if (entry === 'p' || entry === 'x' || entry === 'e' || entry === 'z') {
    if (WORDS[call].includes(entry)) return entry;
  } else if (
    call === 'write' &&
    isRecord(entry) &&
    Number.isSafeInteger(entry['d']) &&
    Object.keys(entry).length === 1
  ) {
    return { d: Number(entry['d']) };
  }
  const words = WORDS[call].map((word) => JSON.stringify(word)).join(', ');
  throw malformed(path, `a count, ${words}${call === 'write' ? ' or {"d": k}' : ''}`, entry);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(path: string, expected: string, got: unknown): RelayscopeError {
  const text = got === undefined ? 'nothing' : JSON.stringify(got);
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new RelayscopeError('SCRIPT_MALFORMED', `Malformed script at ${path}: expected ${expected}, got ${shown}`);
}
