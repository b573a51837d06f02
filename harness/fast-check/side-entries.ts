import * as fc from 'fast-check';
import type { SideEntry } from '../scenario/scenario.ts';

/** What an answer may be. */
export interface EntriesOptions {
  /** Most bytes of one entry. Default: 300. */
  readonly maxBytes?: number;
  /** A call may fail (`e`). Default: false. */
  readonly failing?: boolean;
  /**
   * Answers that no stream may give: Pending with nothing registered, a write of nothing, a count that is off, what is no count.
   * Default: false.
   */
  readonly lying?: boolean;
}

const MAX_ENTRY_BYTES = 300;
const MAX_WAIT_MS = 20;
const MOST_OFF = 64;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** What one call answers; it gets smaller towards the first of these. */
export interface SideEntries {
  readonly read: fc.Arbitrary<SideEntry>;
  readonly write: fc.Arbitrary<SideEntry>;
  /** Of flush and of shutdown, which move nothing. */
  readonly end: fc.Arbitrary<SideEntry>;
}

export function sideEntries({
  maxBytes = MAX_ENTRY_BYTES,
  failing = false,
  lying = false,
}: EntriesOptions): SideEntries {
  const count = fc.integer({ min: 1, max: maxBytes });
  const waits: fc.Arbitrary<SideEntry>[] = [fc.constant('p'), waitEntry()];
  const fails: fc.Arbitrary<SideEntry>[] = failing ? [fc.constant('e')] : [];
  const lies: fc.Arbitrary<SideEntry>[] = lying ? [fc.constant('x'), fc.constantFrom(...NO_COUNTS)] : [];
  const writeLies: fc.Arbitrary<SideEntry>[] = lying ? [offEntry(), fc.constant('z')] : [];
  return {
    read: first(count, textEntry(maxBytes), ...waits, ...fails, ...lies),
    write: first(count, ...waits, ...fails, ...writeLies, ...lies),
    end: first(...waits, ...fails, ...lies),
  };
}

/** What JavaScript lets a stream return. */
const NO_COUNTS: SideEntry[] = [
  { returns: { type: 'undefined', value: '' } },
  { returns: { type: 'number', value: -1 } },
  { returns: { type: 'number', value: 0.5 } },
  { returns: { type: 'string', value: '1' } },
];

/** So many letters, of which each text begins elsewhere in the alphabet, so that a byte out of its place shows. */
export function textEntry(maxBytes = MAX_ENTRY_BYTES): fc.Arbitrary<{ readonly text: string }> {
  return fc.tuple(fc.integer({ min: 1, max: maxBytes }), fc.nat(ALPHABET.length - 1)).map(([bytes, from]) => ({
    text: ALPHABET.repeat(Math.ceil(bytes / ALPHABET.length) + 1).slice(from, from + bytes),
  }));
}

export function waitEntry(): fc.Arbitrary<SideEntry> {
  return fc.integer({ min: 0, max: MAX_WAIT_MS }).map((waitMs) => ({ waitMs }));
}

/** Not 0: that would be an honest answer. */
function offEntry(): fc.Arbitrary<SideEntry> {
  return fc
    .oneof({ withCrossShrink: true }, fc.integer({ min: 1, max: MOST_OFF }), fc.integer({ min: -MOST_OFF, max: -1 }))
    .map((d) => ({ d }));
}

/** One of these; it shrinks towards the first. */
function first(...all: fc.Arbitrary<SideEntry>[]): fc.Arbitrary<SideEntry> {
  return fc.oneof({ withCrossShrink: true }, ...all);
}
