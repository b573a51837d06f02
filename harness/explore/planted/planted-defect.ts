/** A defect that the laws have to find: an edit of the engine's real source, made when it is loaded. */
export interface PlantedDefect {
  readonly name: string;
  /** What a programmer would have to have done, as a phrase. */
  readonly summary: string;
  /** From the top of the checkout. */
  readonly file: string;
  /** Stands in the file once. */
  readonly find: string;
  readonly replace: string;
  /** The campaign that finds it. Default: `checked`, and every fault that a correct copy has to come through. */
  readonly dialect?: string;
  readonly faults?: readonly string[];
}
