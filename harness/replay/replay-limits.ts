/** What one side may have said in all: it is kept in memory, as is what arrives of it. */
export const MAX_SAID_BYTES = 64 * 1024 * 1024;
/** Things done by both sides. */
export const MAX_TURNS = 1_000_000;
/** Gaps, and what could not be decoded, that are told one by one. */
export const MAX_NOTES = 100;
