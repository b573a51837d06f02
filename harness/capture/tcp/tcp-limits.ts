/** Bytes of one direction that wait for what comes before them; then that is given up. */
export const MAX_PENDING_BYTES = 4 * 1024 * 1024;
export const MAX_PENDING_SEGMENTS = 8192;
/** What a segment that waits takes beside its bytes: many small ones must not be free. */
export const PENDING_OVERHEAD_BYTES = 128;
/** In all directions together, overhead included. */
export const MAX_ALL_PENDING_BYTES = 64 * 1024 * 1024;
/** What the other end has acknowledged was not lost on the wire: after so many more packets of the connection it will not come. */
export const MAX_LATE_PACKETS = 64;
/** The same where nobody's acknowledgements were captured: what was lost on the wire would have been sent again by then. */
export const MAX_UNACKNOWLEDGED_LATE_PACKETS = 1024;
/** Connections that are followed at a time; those that have been silent the longest give way. */
export const MAX_FLOWS = 32_768;
/** So many give way at once, so that they are sorted seldom. */
export const EVICTED_AT_ONCE = 2048;
/** Payload that is kept to be compared with what says that it is the same again, of all connections together. */
export const RECENT_BYTES = 1024 * 1024;
/** The widest window that there is (RFC 7323, section 2.3): a number further off belongs to nothing that is under way. */
export const MAX_WINDOW_BYTES = 2 ** 30;
/** A reset, or the first word of a server, with a number further ahead than this is somebody else's. */
export const MAX_PLAUSIBLE_AHEAD_BYTES = 1024 * 1024;
/** IPv6 and some of IPv4 number no packets: the same header within this time is the same packet, for nobody sends again so soon. */
export const COPY_WINDOW_NS = 1_000_000;
