import type { Detector } from './detector.ts';

const KINDS = 32;

/** Detectors, and which of them want to see which kind of event: worked out once, since many connections are opened. */
export class DetectorTable {
  readonly detectors: readonly Detector[];
  /** For each code of `Kind` the places of those that want it. */
  readonly #byKind: readonly (readonly number[])[];
  /** The same for an event that gave or took bytes, which most are. */
  readonly #ofBytes: readonly (readonly number[])[];

  constructor(detectors: readonly Detector[]) {
    this.detectors = detectors;
    const places = [...detectors.keys()];
    this.#byKind = Array.from({ length: KINDS }, (_, kind) =>
      places.filter((place) => detectors[place]?.kinds.includes(kind) === true),
    );
    this.#ofBytes = this.#byKind.map((wanting) => wanting.filter((place) => detectors[place]?.skipsBytes !== true));
  }

  /** @param n what the event has; of a count of bytes not all want to hear. */
  wanting(kind: number, n: number): readonly number[] {
    return (n > 0 ? this.#ofBytes : this.#byKind)[kind] ?? [];
  }
}
