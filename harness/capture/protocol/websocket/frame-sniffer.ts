import { ANYWHERE_BITS, CONVINCING_BITS } from '../protocol-limits.ts';
import { areFrames } from './frame-evidence.ts';
import { FrameSearch } from './frame-search.ts';

/** What bytes of an unknown protocol are, as far as frames go. */
export type FrameGuess =
  | { readonly kind: 'no' | 'unsure' }
  /** After so many bytes frames begin, with masks or without. */
  | { readonly kind: 'yes'; readonly skippedBytes: number; readonly isMasked: boolean };

const NO: FrameGuess = { kind: 'no' };
const UNSURE: FrameGuess = { kind: 'unsure' };

/** Finds out whether there are frames in bytes that nothing else is known of. */
export class FrameSniffer {
  readonly #isClient: boolean;
  readonly #isMidway: boolean;
  #searches: readonly FrameSearch[] = [];

  /** @param isMidway a guess from ports may have taken the server for the client: then masks may be where none are expected. */
  constructor(isClient: boolean, isMidway: boolean) {
    this.#isClient = isClient;
    this.#isMidway = isMidway;
  }

  /** Whether frames begin just here. */
  begins(bytes: Uint8Array): FrameGuess {
    const isMasked = this.#isClient;
    const verdict = areFrames(bytes, 0, bytes.length, { isMasked, neededBits: CONVINCING_BITS });
    if (verdict === 'yes') return { kind: 'yes', skippedBytes: 0, isMasked };
    return verdict === 'no' ? NO : UNSURE;
  }

  /** Whether frames begin somewhere in `bytes`, which are those of the last call and more. */
  contains(bytes: Uint8Array): FrameGuess {
    if (this.#searches.length === 0) {
      const masks = this.#isMidway ? [this.#isClient, !this.#isClient] : [this.#isClient];
      this.#searches = masks.map(
        (isMasked) => new FrameSearch({ isMasked, startBits: CONVINCING_BITS, elsewhereBits: ANYWHERE_BITS }),
      );
    }
    const done = this.#searches[0]?.bytes ?? 0;
    for (const search of this.#searches) {
      const found = search.push(bytes, done, bytes.length);
      if (found !== null) return { kind: 'yes', skippedBytes: found.skippedBytes, isMasked: search.isMasked };
    }
    return UNSURE;
  }

  /** What comes is something else. */
  reset(): void {
    this.#searches = [];
  }
}
