/** A packet that says it is longer was not captured by anything: libpcap's own limit is 256 KiB. */
export const MAX_PACKET_BYTES = 16 * 1024 * 1024;
/** What libpcap takes of a packet at most (MAXIMUM_SNAPLEN), unless a file's header says more. */
export const LARGEST_SNAP_BYTES = 262_144;
/** A block of pcapng that is longer is stepped over without being kept. */
export const MAX_BLOCK_BYTES = MAX_PACKET_BYTES + 64 * 1024;
/** Of one section. */
export const MAX_INTERFACES = 4096;
/** Of all comments in a capture, so many characters are kept. */
export const MAX_COMMENT_CHARS = 64 * 1024;
/** JSON cannot be read in pieces: a HAR is held whole. */
export const MAX_HAR_BYTES = 128 * 1024 * 1024;
/** Captures pack to a fifth or a twentieth; what unpacks to so many times its bytes was made to fill a disk, or is all zeros. */
export const MAX_UNPACKED_RATIO = 500;
/** So much may come of few bytes. */
export const MAX_FREELY_UNPACKED_BYTES = 16 * 1024 * 1024;
