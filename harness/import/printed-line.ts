import { stripVTControlCharacters } from 'node:util';

/** What a line of printed trace says, as far as it says it. */
export interface PrintedLine {
  /** The two ends in the order printed: `['a', 'b']`, `['client', 'server']`. */
  readonly from: string;
  readonly to: string;
  readonly connection?: number;
  readonly call: 'loop' | 'read' | 'write' | 'flush' | 'shutdown';
  /** loop: #1 … #4. */
  readonly mark?: number;
  readonly pos?: number;
  readonly cap?: number;
  readonly readDone?: boolean;
  readonly needFlush?: boolean;
  readonly n?: number | 'pending' | 'failed';
  readonly offered?: number;
  /** How often it stands, where whoever printed it had counted: `× 20,157,093`. */
  readonly times?: number;
}

const DIRECTION =
  /(?<![\w])([A-Za-z][A-Za-z0-9]{0,15})(?:\s{0,4}(?:->|=>|-->|→|⇒|➜|»)\s{0,4}|_(?:to|2)_|[ -]to[ -])([A-Za-z][A-Za-z0-9]{0,15})(?![\w])/;
/** `aToB`, `a2b`, `AtoB`: only for the two plain names. */
const JOINED = /(?<![A-Za-z0-9])([aAbB])(?:2|[tT]o)([aAbB])(?![A-Za-z0-9])/;
const NUMBER = String.raw`(?:Some\()?["']?(-?\d[\d,_]*)`;
const FIELD = (names: string): string => String.raw`(?<![A-Za-z0-9])(?:${names})["']?\s{0,4}[:=]?\s{0,4}`;

const POS = new RegExp(FIELD('pos|position') + NUMBER, 'i');
const CAP = new RegExp(FIELD('cap|capacity') + NUMBER, 'i');
const READ_DONE = new RegExp(`${FIELD('read[_ -]?done|eof')}["']?(true|false|yes|no|1|0)(?![A-Za-z0-9])`, 'i');
const NEED_FLUSH = new RegExp(`${FIELD('need[s]?[_ -]?flush')}["']?(true|false|yes|no|1|0)(?![A-Za-z0-9])`, 'i');
const OFFERED = new RegExp(FIELD('offered|room|len|of') + NUMBER, 'i');
const RETURNED = new RegExp(FIELD('n|i|amount|got|took|reported|returned|ret|wrote|written|bytes') + NUMBER, 'i');
const READY = /Ready\((?:Ok\()?\(?(-?\d+)?/;
const CONNECTION = new RegExp(FIELD('conn|connection|conn_?id') + String.raw`#?(\d{1,9})`, 'i');
/** `(pos, cap) = (69, 68)` */
const TUPLE = /\(([a-z_ ,]{3,60})\)\s{0,4}[=:]\s{0,4}\(([\w ,]{3,60})\)/gi;
const MARK = /(?<![\w#])#([1-9])(?!\d)/;
const TIMES = /(?:×|\bx)\s?(\d[\d,_]*)/;
const CALL = /(?:poll_?|(?<![A-Za-z_]))(read(?![_ -]?done)|write|flush|shutdown)(?!\w)/i;

/** Reads a line that some patched program has printed, its time taken off before; null if it is none of those. */
export function parsePrintedLine(text: string): PrintedLine | null {
  const line = text.includes('\u001b') ? stripVTControlCharacters(text) : text;
  const direction = DIRECTION.exec(line) ?? JOINED.exec(line);
  if (direction === null) return null;
  const [, from = '', to = ''] = direction;
  // The names of the ends must not be taken for fields.
  const rest = untupled(`${line.slice(0, direction.index)} ${line.slice(direction.index + direction[0].length)}`);
  const [pos, cap] = [numberIn(POS, rest), numberIn(CAP, rest)];
  const result = resultIn(rest);
  const call =
    result === undefined
      ? undefined
      : CALL.exec(rest.replace(READ_DONE, '').replace(NEED_FLUSH, ''))?.[1]?.toLowerCase();
  if (call === undefined && (pos === undefined || cap === undefined)) return null;
  const common = {
    from: from.toLowerCase(),
    to: to.toLowerCase(),
    ...present('connection', numberIn(CONNECTION, rest)),
    ...present('pos', pos),
    ...present('cap', cap),
    ...present('readDone', flagIn(READ_DONE, rest)),
    ...present('needFlush', flagIn(NEED_FLUSH, rest)),
    ...present('times', numberIn(TIMES, rest)),
  };
  if (call === 'read' || call === 'write' || call === 'flush' || call === 'shutdown') {
    return { ...common, call, ...present('n', result), ...present('offered', numberIn(OFFERED, rest)) };
  }
  return { ...common, call: 'loop', ...present('mark', numberIn(MARK, rest)) };
}

/** Names and values in two lists, as name and value in turn. */
function untupled(line: string): string {
  return line.replaceAll(TUPLE, (_, names: string, values: string) => {
    const each = values.split(',');
    return names
      .split(',')
      .map((name, index) => `${name.trim()}=${each[index]?.trim() ?? ''}`)
      .join(' ');
  });
}

function resultIn(line: string): PrintedLine['n'] | undefined {
  if (/\bpending\b/i.test(line)) return 'pending';
  if (/\bReady\(Err|\b(?:failed|error)\b/i.test(line)) return 'failed';
  const ready = READY.exec(line);
  if (ready !== null) return Number(ready[1] ?? 0);
  const counted = numberIn(RETURNED, line);
  return counted ?? (/\bdone\b/i.test(line.replace(READ_DONE, '')) ? 0 : undefined);
}

function numberIn(pattern: RegExp, line: string): number | undefined {
  const digits = pattern.exec(line)?.[1];
  if (digits === undefined) return undefined;
  const value = Number(digits.replaceAll(/[,_]/g, ''));
  return Number.isSafeInteger(value) ? value : undefined;
}

function flagIn(pattern: RegExp, line: string): boolean | undefined {
  const word = pattern.exec(line)?.[1]?.toLowerCase();
  return word === undefined ? undefined : word === 'true' || word === 'yes' || word === '1';
}

function present<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  // A computed key widens to string; it is K, as the parameter says.
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
