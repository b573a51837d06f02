/** A run that makes more polls is `unfinished`, unless its scenario says otherwise. */
export const MAX_POLLS = 100_000;
/** A run that makes so many polls in a row and moves nothing is `livelocked`. */
export const MAX_IDLE_POLLS = 10_000;
/** For so many polls in a row one direction moves, and the other has work and does not: it is `starved`. */
export const MAX_STARVED_POLLS = 32;
/** A run whose virtual time goes on for longer is `unfinished`, unless its scenario says otherwise: one day. */
export const MAX_MS = 86_400_000;
/** A run that calls more timers between two polls is `unfinished`. */
export const MAX_TIMERS_PER_POLL = 100_000;
/**
 * A run that takes more steps is ended, unless its scenario says otherwise: polls, the calls of each, and timers, since the limits
 * above, multiplied, are no limit. It is looked at after each poll, in which no stream is called more often than that either.
 */
export const MAX_STEPS = 10_000_000;
/**
 * A run whose counts have become so long a text is `unfinished`: a faithful dialect computes with what a stream returns, and each
 * step takes as long as that text.
 */
export const MAX_COUNT_CHARS = 4096;
/** Looked for once in so many polls, and once in so many calls of each. */
export const COUNT_CHECK_POLLS = 64;
/**
 * What a stream may give, and what it may take, in one run, unless its scenario says otherwise. What is taken is no part of what
 * was given: a wrong count can have the same bytes written without end.
 */
export const MAX_BYTES = 64 << 20;
/** A stream that polls the copy from within a call can do so again in that poll, so deep. */
export const MAX_NESTED_POLLS = 4;
