import { realClock, type Clock } from '../../../src/poll/clock.ts';
import type { Judged } from './judged.ts';

/** For how long something live is waited for. */
export interface Patience {
  /** Nothing has moved for so long: that is when a hang is looked for, as the watchdog does. */
  readonly limitMs: number;
  /** It is judged as it stands after so long, whatever it does. */
  readonly withinMs: number;
  readonly clock: Clock;
  /** Whether what it has come to answers the question already: asked once nothing moves, and whenever a byte has come. */
  readonly isEnough: (judged: Judged) => boolean;
}

export const DEFAULT_PATIENCE: Patience = {
  limitMs: 250,
  withinMs: 4000,
  clock: realClock,
  isEnough: () => false,
};
