import type { StreamLaw } from './stream-law.ts';

export type StreamCall = 'pollRead' | 'pollChunk' | 'pollWrite' | 'pollFlush' | 'pollShutdown';

/** One law, broken in one case. */
export interface Breach {
  readonly law: StreamLaw;
  /** What was seen and what was expected, as a sentence. */
  readonly message: string;
  /** The index of the step, or the number of steps: when these were through. */
  readonly step: number;
  /** The call of the stream that it is about. */
  readonly call: StreamCall | null;
  /** Laws of which this may be a mere consequence: if one of them is broken, too, this one is not judged by it. */
  readonly mayFollowFrom: readonly StreamLaw[];
}

/** Ends a case from wherever the breach is seen; `runCase` catches it. */
export class LawBroken extends Error {
  readonly law: StreamLaw;
  readonly call: StreamCall | null;
  readonly mayFollowFrom: readonly StreamLaw[];

  constructor(law: StreamLaw, call: StreamCall | null, message: string, mayFollowFrom: readonly StreamLaw[] = []) {
    super(message);
    this.law = law;
    this.call = call;
    this.mayFollowFrom = mayFollowFrom;
  }
}

/** Throws what a law has to say, if it has. */
export function expectLaw(
  law: StreamLaw,
  call: StreamCall | null,
  broken: string | null,
  mayFollowFrom: readonly StreamLaw[] = [],
): void {
  if (broken !== null) throw new LawBroken(law, call, broken, mayFollowFrom);
}
