import { LAST_BITS, MAX_CANDIDATES, MAX_RESYNC_BYTES } from '../protocol-limits.ts';
import { appended } from '../appended.ts';
import { areFrames, bareFrameBytes } from './frame-evidence.ts';

/** More than so many are not looked at again for every byte that comes, but for so many bytes. */
const FEW_CANDIDATES = 16;
const RETRY_BYTES = 64;

/** Where frames begin, and the bytes from there on. */
export interface FoundFrames {
  /** Bytes before the first frame, of all that were searched. */
  readonly skippedBytes: number;
  /** From the first frame on. */
  readonly bytes: Buffer;
}

interface Candidate {
  /** In what is kept. */
  at: number;
  readonly isSegmentStart: boolean;
}

/** Looks for the beginning of a frame in bytes that begin anywhere, as they come. */
export class FrameSearch {
  readonly isMasked: boolean;
  readonly #startBits: number;
  readonly #elsewhereBits: number;
  #kept: Buffer = Buffer.alloc(0);
  /** Bytes that were here and are not kept any more. */
  #dropped = 0;
  /** Bytes that have come since the candidates were looked at. */
  #untried = 0;
  /** Where a frame may begin, as far as it can be seen. */
  #candidates: Candidate[] = [];

  /**
   * @param options.startBits how sure it has to be of what begins a segment, as frames most often do;
   * @param options.elsewhereBits and of what does not.
   */
  constructor(options: { readonly isMasked: boolean; readonly startBits: number; readonly elsewhereBits: number }) {
    this.isMasked = options.isMasked;
    this.#startBits = options.startBits;
    this.#elsewhereBits = options.elsewhereBits;
  }

  get bytes(): number {
    return this.#dropped + this.#kept.length;
  }

  /** A segment. Null: nothing is found so far. */
  push(bytes: Uint8Array, start: number, end: number): FoundFrames | null {
    this.#drop(end - start);
    const from = this.#kept.length;
    this.#kept = appended(this.#kept, bytes, Math.max(start, end - MAX_RESYNC_BYTES), end);
    this.#dropped += Math.max(0, end - start - MAX_RESYNC_BYTES);
    this.#untried += end - start;
    return this.#tryOld() ?? this.#tryNew(from);
  }

  /** Nothing more comes: what begins a segment and goes up to the end is taken with less evidence. */
  finish(): FoundFrames | null {
    const found = this.#candidates.find(
      ({ at, isSegmentStart }) => isSegmentStart && this.#weigh(at, LAST_BITS) === 'yes',
    );
    return found === undefined ? null : this.#found(found);
  }

  #tryOld(): FoundFrames | null {
    if (this.#candidates.length > FEW_CANDIDATES && this.#untried < RETRY_BYTES) return null;
    this.#untried = 0;
    const unsure: Candidate[] = [];
    for (const candidate of this.#candidates) {
      const verdict = this.#weigh(candidate.at, candidate.isSegmentStart ? this.#startBits : this.#elsewhereBits);
      if (verdict === 'yes') return this.#found(candidate);
      if (verdict === 'unsure') unsure.push(candidate);
    }
    this.#candidates = unsure;
    return null;
  }

  #tryNew(from: number): FoundFrames | null {
    for (let at = from; at < this.#kept.length; at += 1) {
      const isSegmentStart = at === from;
      const verdict = this.#weigh(at, isSegmentStart ? this.#startBits : this.#elsewhereBits);
      if (verdict === 'yes') return this.#found({ at, isSegmentStart });
      if (verdict === 'unsure') this.#candidates.push({ at, isSegmentStart });
    }
    if (this.#candidates.length > MAX_CANDIDATES) this.#candidates = this.#candidates.slice(-MAX_CANDIDATES);
    return null;
  }

  #weigh(at: number, neededBits: number): 'yes' | 'no' | 'unsure' {
    return areFrames(this.#kept, at, this.#kept.length, { isMasked: this.isMasked, neededBits });
  }

  /**
   * Of a payload whose beginning is lost, the last bytes may look like a frame that ends where the next one begins: one time in
   * thirty, and then the frames behind it speak for it. It is left out unless something else does.
   */
  #found({ at, isSegmentStart }: Candidate): FoundFrames {
    const skipped = isSegmentStart ? 0 : bareFrameBytes(this.#kept, at, this.#kept.length);
    return { skippedBytes: this.#dropped + at + skipped, bytes: this.#kept.subarray(at + skipped) };
  }

  /** Makes room for so many bytes. */
  #drop(coming: number): void {
    const excess = Math.min(this.#kept.length, this.#kept.length + coming - MAX_RESYNC_BYTES);
    if (excess <= 0) return;
    this.#kept = this.#kept.subarray(excess);
    this.#dropped += excess;
    for (const candidate of this.#candidates) candidate.at -= excess;
    this.#candidates = this.#candidates.filter(({ at }) => at >= 0);
  }
}
