import type { Detector } from './detector.ts';

const KINDS = 32;

/** Detectors, and which of them want to see which kind of event: worked out once, since many connections are opened. */
export class DetectorTable {
  readonly detectors: readonly Detector[];
  /** For each code of `Kind` the places of those that want it. */
  readonly #byKind: readonly (readonly number[])[];

  constructor(detectors: readonly Detector[]) {
    this.detectors = detectors;
    this.#byKind = Array.from({ length: KINDS }, (_, kind) =>
      [...detectors.keys()].filter((place) => detectors[place]?.kinds.includes(kind) === true),
    );
  }

  wanting(kind: number): readonly number[] {
    return this.#byKind[kind] ?? [];
  }
}
