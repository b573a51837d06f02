/** Flows of a capture that are looked at; a capture of more is to be cut down to those that matter. */
export const MAX_JOINED_FLOWS = 16_384;
/** So many of the first bytes of each direction are compared to find what belongs together. */
export const COMPARED_BYTES = 256;
/** A handshake with a proxy is no longer. */
export const KEPT_BYTES = 2048;
/** Of each series of a time line so many points are kept at its beginning, and as many at its end. */
export const KEPT_POINTS = 16;
