/**
 * What a poll returns when it could do nothing yet and has arranged a wake.
 * A number, so that polls allocate nothing, and one that no wrong count (−1 above all) can be taken for.
 * It fits V8's small integers (31 bits), so that it never becomes a heap number.
 */
export const PENDING = -0x40000000;
