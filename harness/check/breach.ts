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
}

/** Ends a case from wherever the breach is seen; `runCase` catches it. */
export class LawBroken extends Error {
  readonly law: StreamLaw;
  readonly call: StreamCall | null;

  constructor(law: StreamLaw, call: StreamCall | null, message: string) {
    super(message);
    this.law = law;
    this.call = call;
  }
}
