import type { SeenEvent } from '../seen-event.ts';

/** What a write has said that cannot be, until it shows what the copy makes of it. */
export interface CountClaim {
  readonly seq: number;
  /** What it was offered; NaN where no line of a printed trace says it. */
  readonly offered: number;
  /** What it returned; NaN where that was no number, or is not known. */
  readonly reported: number;
  /** How it reads: `69`, `NaN`, `undefined`, `the text "68"`. */
  readonly said: string;
  /** The slice that was offered before, if that is what was reported; else 0. */
  readonly stale: number;
  /** Whether that slice had been Pending, and not written. */
  readonly isRetry: boolean;
  /** Where the copy then stood. */
  pos: number;
  cap: number;
  /** The first end of an iteration since, and its mark; -1: there was none. */
  loopSeq: number;
  mark: number;
}

/**
 * How what is no count compares with one: `less` moves the copy on by less than the slice, or back, so that it offers
 * bytes again; `none` makes a place of it that is neither before the end of the slice nor at it.
 */
export type OddCount = 'less' | 'none';

/** What JavaScript adds: null and false add nothing, true adds one; NaN, undefined and a text make no place at all. */
export function oddCount({ n, strange, offered }: SeenEvent): OddCount {
  if (strange === null) return n < offered ? 'less' : 'none';
  return strange.type === 'null' || strange.type === 'boolean' ? 'less' : 'none';
}

/** What was returned, as a person would say it. */
export function saidOf({ n, strange }: SeenEvent): string {
  if (strange === null) return String(n);
  switch (strange.type) {
    case 'string':
      return `the text ${JSON.stringify(strange.value)}`;
    case 'bigint':
      return `the bigint ${strange.value}n`;
    case 'boolean':
      return String(strange.value);
    case 'object':
      return 'an object';
    case 'number':
    case 'undefined':
    case 'null':
      return strange.type;
  }
}
