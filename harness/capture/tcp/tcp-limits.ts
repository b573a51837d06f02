/** Bytes of one direction that wait for what comes before them; then that is given up. */
export const MAX_PENDING_BYTES = 4 * 1024 * 1024;
export const MAX_PENDING_SEGMENTS = 8192;
/** In all directions together. */
export const MAX_ALL_PENDING_BYTES = 64 * 1024 * 1024;
/** What the other end has acknowledged was not lost on the wire: after so many more packets of the connection it will not come. */
export const MAX_LATE_PACKETS = 64;
/** Connections that are followed at a time; the one that has been silent the longest gives way. */
export const MAX_FLOWS = 65_536;
/** Payload that is kept to be compared with what says that it is the same again, of all connections together. */
export const RECENT_BYTES = 1024 * 1024;
