import { Word } from './ring-layout.ts';

/**
 * One value of a record that 32 bits could not hold, as the words of the extension record after it.
 * `field` is the word it belongs to, in the flag bits of the record's head.
 */
export interface ExtensionWords {
  readonly field: number;
  readonly type: number;
  readonly low: number;
  readonly high: number;
  readonly more: number;
  readonly most: number;
}

/** What kind of value an extension holds; strings keep their first 16 UTF-8 bytes. */
export const EXTENSION_TYPES = ['number', 'string', 'undefined', 'null', 'boolean', 'bigint', 'object'] as const;
export type ExtensionType = (typeof EXTENSION_TYPES)[number];

/** The word of the extended record stands in the extension's head from this bit on. */
export const EXTENSION_FIELD_SHIFT = 5;
const TEXT_BYTES = 16;

const bytes = new Uint8Array(TEXT_BYTES);
const words = new Int32Array(bytes.buffer);
const floats = new Float64Array(bytes.buffer);

/** The extensions for those of the four values that are no 32-bit integers. */
export function extensionWords(pos: unknown, cap: unknown, n: unknown, offered: unknown): ExtensionWords[] {
  const fields = [
    [Word.POS, pos],
    [Word.CAP, cap],
    [Word.N, n],
    [Word.OFFERED, offered],
  ] as const;
  return fields.filter(([, value]) => !isInt32(value)).map(([word, value]) => encode(word, value));
}

export function decodeExtension(type: number, low: number, high: number, more: number, most: number): ExtendedValue {
  words.set([low, high, more, most]);
  const name = EXTENSION_TYPES[type] ?? 'object';
  if (name === 'number') return { type: name, value: floats[0] ?? Number.NaN };
  const end = bytes.indexOf(0);
  return { type: name, value: new TextDecoder().decode(bytes.subarray(0, end === -1 ? TEXT_BYTES : end)) };
}

/** The words of a value that has been decoded: `decodeExtension` the other way. `word`: the one that it belongs to. */
export function encodeExtension(word: number, { type, value }: ExtendedValue): ExtensionWords {
  bytes.fill(0);
  if (type === 'number') floats[0] = Number(value);
  else new TextEncoder().encodeInto(String(value), bytes);
  const [low = 0, high = 0, more = 0, most = 0] = words;
  return { field: word << EXTENSION_FIELD_SHIFT, type: EXTENSION_TYPES.indexOf(type), low, high, more, most };
}

/** A value as it came: `{ type: 'number', value: NaN }`, `{ type: 'string', value: '68' }`. */
export interface ExtendedValue {
  readonly type: ExtensionType;
  readonly value: number | string;
}

function encode(word: number, value: unknown): ExtensionWords {
  bytes.fill(0);
  const name = value === null ? 'null' : typeof value;
  const type = Math.max(
    0,
    EXTENSION_TYPES.findIndex((one) => one === name),
  );
  if (typeof value === 'number') floats[0] = value;
  else if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') {
    new TextEncoder().encodeInto(String(value), bytes);
  }
  const [low = 0, high = 0, more = 0, most = 0] = words;
  return { field: word << EXTENSION_FIELD_SHIFT, type, low, high, more, most };
}

/** Whether a record's word can hold it. Asked of anything: a stream's count may be a bigint, or a symbol. */
export function isInt32(value: unknown): value is number {
  return typeof value === 'number' && value === (value | 0);
}
